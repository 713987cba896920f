import * as z from 'zod'
import { instant, ownId, text, texts } from './fields.ts'

/** `task.create`, `task.assign`, `task.complete` and `task.delete` share one shape. */
export const taskEvent = z
  .looseObject({
    id: ownId,
    type: z.string(),
    docId: text,
    createdDate: instant,
    dueDate: instant,
    taskComment: text,
    taskOutcome: text,
    initiator: text,
    /** A user name, in any letter case. */
    assignee: text,
    document: text,
    taskInstanceId: text,
    taskRole: text,
    /** Node references of groups and people. */
    taskPooledActors: texts,
    taskAttachments: texts,
    /** User names, in any letter case. */
    taskPooledUsers: texts,
    workflowInstanceId: text,
    workflowDescription: text,
    taskTitle: text,
    taskType: text,
  })
  .meta({
    examples: [
      {
        id: 'e24d07be-63a2-49b6-9a08-6eb855c18a93',
        docId: 'alfresco@workspace://SpacesStore/f2bb30a4-5e4b-482c-8458-dff3579549c2',
        dueDate: 1767225600000,
        taskComment: 'Согласовано "без замечаний"',
        taskOutcome: 'Confirmed',
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
      },
    ],
  })
export type TaskEvent = z.infer<typeof taskEvent>
