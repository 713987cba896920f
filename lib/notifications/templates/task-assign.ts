import type { TaskEvent } from '../../events/schemas.ts'
import type { EventTemplate } from './render.ts'
import { taskModel } from './task.ts'

export const taskAssign: EventTemplate<TaskEvent> = {
  title: { ru: 'Новая задача: {{ task }}', en: 'New task: {{ task }}' },
  lead: {
    ru: 'Вам назначена задача.',
    en: 'A task was assigned to you.',
  },
  model: taskModel,
}
