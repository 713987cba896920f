import { z } from 'zod'

/**
 * What ECOS puts into `data`, as seen from the real producer. Readers keep what they do not know
 * (loose objects), and take a missing field for null, since the producer's version is not ours to set.
 */
const text = z.string().nullable().default(null)
/** Epoch milliseconds. */
const instant = z.number().nullable().default(null)
/** The bridge has made an id of it; here it is whatever the producer sent. */
const ownId = z.union([z.string(), z.number()]).nullable().default(null)
const texts = z
  .array(z.string())
  .nullish()
  .transform((values) => values ?? [])

/** `task.create`, `task.assign`, `task.complete` and `task.delete` share one shape. */
export const taskEvent = z.looseObject({
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
export type TaskEvent = z.infer<typeof taskEvent>

/** `record.create` and `record.update`: their `id` is always null on the wire. */
export const recordEvent = z.looseObject({
  id: ownId,
  type: z.string(),
  docId: text,
  createdDate: instant,
  attrChanges: z
    .array(
      z.looseObject({
        name: z.string(),
        values: z.array(z.looseObject({ str: text, disp: text })).nullish(),
      }),
    )
    .nullish(),
})
export type RecordEvent = z.infer<typeof recordEvent>
