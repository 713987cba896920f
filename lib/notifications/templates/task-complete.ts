import type { TaskEvent } from '../../events/schemas.ts'
import type { EventTemplate } from './render.ts'
import { taskModel } from './task.ts'

export const taskComplete: EventTemplate<TaskEvent> = {
  title: { ru: 'Завершена задача: {{ task }}', en: 'Task completed: {{ task }}' },
  lead: {
    ru: 'Задача завершена.',
    en: 'The task was completed.',
  },
  model: taskModel,
}
