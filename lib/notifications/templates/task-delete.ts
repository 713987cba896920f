import type { TaskEvent } from '../../events/schemas.ts'
import type { EventTemplate } from './render.ts'
import { taskModel } from './task.ts'

export const taskDelete: EventTemplate<TaskEvent> = {
  title: { ru: 'Удалена задача: {{ task }}', en: 'Task deleted: {{ task }}' },
  lead: {
    ru: 'Задача удалена, делать по ней ничего не нужно.',
    en: 'The task was deleted, and nothing is left to do on it.',
  },
  model: taskModel,
}
