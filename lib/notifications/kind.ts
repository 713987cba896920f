import type { z } from 'zod'
import type { EventType } from '../events/catalogue.ts'

/** How the events of one type become notifications. Each handler, functions/on-<type>.ts, has one. */
export interface NotificationKind<Data extends object> {
  readonly type: EventType
  readonly schema: z.ZodType<Data>
  /**
   * User names in lower case, nobody twice; or `subscribers` for an event that names nobody: everyone
   * who is subscribed to the type.
   */
  recipients(data: Data): readonly string[] | 'subscribers'
  /** What the event is about, where another event may end it: a task's id. */
  subject?(data: Data): string | undefined
  /** Whether the event ends its subject, so that what still waits to be sent about it is cancelled. */
  readonly closes?: true
}
