import type { TaskEvent } from '../../events/schemas.ts'
import type { EventTemplate } from './render.ts'
import { taskModel } from './task.ts'

export const taskCreate: EventTemplate<TaskEvent> = {
  title: { ru: 'Новая задача: {{ task }}', en: 'New task: {{ task }}' },
  lead: {
    ru: 'Появилась задача, которую вы можете взять в работу.',
    en: 'There is a task that you can take.',
  },
  model: taskModel,
}
