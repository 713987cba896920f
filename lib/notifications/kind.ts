import type * as z from 'zod'
import type { EventType } from '../events/catalogue.ts'
import type { Recipients } from './recipients.ts'

/** How events of one type become notifications. Each handler, functions/on-<type>.ts, defines one. */
export interface NotificationKind<Data extends object> {
  readonly type: EventType
  readonly schema: z.ZodType<Data>
  /**
   * Those whom the event names, by its data as it was sent; or `subscribers`, everyone subscribed to the
   * type, for an event that names nobody.
   */
  recipients(sent: object): Recipients | 'subscribers'
  /** What the event is about, if another event may end it: a task's id. */
  subject?(data: Data): string | undefined
  /** Whom to remind of a task, its subject: the recipients, to whom it is offered, or those who have it now. */
  readonly reminds?: 'recipients' | Assignees
  /** The event ends its subject, so waiting notifications about it are cancelled. */
  readonly closes?: true
}

/** Those to whom the event assigns its task. */
export type Assignees = (sent: object) => Recipients
