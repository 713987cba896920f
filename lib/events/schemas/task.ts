import * as z from 'zod'
import { late } from '../../late.ts'
import { instant, ownId, text, texts, userName } from './fields.ts'

const example = {
  id: 'e24d07be-63a2-49b6-9a08-6eb855c18a93',
  docId: 'alfresco@workspace://SpacesStore/f2bb30a4-5e4b-482c-8458-dff3579549c2',
  createdDate: 1767225600000,
  dueDate: 1767366000000,
  taskComment: null,
  taskOutcome: null,
  initiator: 'sidorov',
  assignee: 'ivanov',
  document: 'workspace://SpacesStore/f2bb30a4-5e4b-482c-8458-dff3579549c2',
  taskInstanceId: 'activiti$1008',
  taskRole: 'confirmers',
  taskPooledUsers: ['ivanov', 'petrov'],
  workflowInstanceId: 'activiti$508',
  workflowDescription: 'Договор',
  taskTitle: 'Согласование договора №8',
  taskType: '{http://www.citeck.ru/model/workflow/confirm/1.0}confirmTask',
}

/**
 * `task.assign` and `task.delete`, and with another example `task.complete`. Their recipients are found among the assignee and the
 * pooled users and actors.
 */
export const taskEvent = late(() =>
  z
    .looseObject({
      id: ownId,
      type: z.string(),
      docId: text,
      createdDate: instant,
      dueDate: instant,
      taskComment: text,
      taskOutcome: text,
      initiator: text,
      assignee: userName,
      document: text,
      taskInstanceId: text,
      taskRole: text,
      /** Node references of groups and people. */
      taskPooledActors: texts,
      taskAttachments: texts,
      taskPooledUsers: texts,
      workflowInstanceId: text,
      workflowDescription: text,
      taskTitle: text,
      taskType: text,
    })
    .meta({ examples: [example] }),
)
export type TaskEvent = z.infer<typeof taskEvent>

/** `task.create`. The pooled users alone are its recipients. */
export const taskCreateEvent = late(() =>
  taskEvent.extend({ assignee: text, taskPooledActors: texts }).meta(taskEvent.meta() ?? {}),
)

/** `task.complete`, which alone has an outcome. */
export const taskCompleteEvent = late(() =>
  taskEvent.meta({
    examples: [
      { ...example, taskOutcome: 'Confirmed', taskComment: 'Согласовано "без замечаний"' },
    ],
  }),
)
