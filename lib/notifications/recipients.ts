import type { TaskEvent } from '../events/schemas.ts'

/** Who is told about a task: user names in lower case, nobody twice. ECOS's own rules. */
type Rule = (task: TaskEvent) => string[]

/** Everyone who may take the task. */
export const pooledUsers: Rule = (task) => userNames(task.taskPooledUsers)

/** The assignee, where the task was assigned to one person rather than offered to a pool. */
export const soleAssignee: Rule = (task) => {
  const pooled = [...userNames(task.taskPooledUsers), ...userNames(task.taskPooledActors)]
  return pooled.length > 0 ? [] : userNames([task.assignee])
}

/** Everyone who had the task before them. */
export const pooledUsersAndAssignee: Rule = (task) =>
  userNames([...task.taskPooledUsers, task.assignee])

/**
 * Well-formed, because two names that differ only in broken surrogates are the same key once they
 * are written as UTF-8.
 */
function userNames(names: readonly (string | null | undefined)[]): string[] {
  const normal = names.map((name) => name?.trim().toLowerCase().toWellFormed() ?? '')
  return [...new Set(normal.filter((name) => name !== ''))]
}
