import type { TaskEvent } from '../events/schemas.ts'

/** A task keeps its id from its creation to its end. */
export function taskInstance(task: TaskEvent): string | undefined {
  return task.taskInstanceId ?? undefined
}
