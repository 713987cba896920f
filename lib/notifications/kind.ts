import type { z } from 'zod'
import type { NotifyingType } from '../events/catalogue.ts'

/** How the events of one type become notifications. Each handler, functions/on-<type>.ts, has one. */
export interface NotificationKind<Data extends object> {
  readonly type: NotifyingType
  readonly schema: z.ZodType<Data>
  /** User names in lower case, nobody twice. */
  recipients(data: Data): readonly string[]
  /** What the event is about, where another event may end it: a task's id. */
  subject?(data: Data): string | undefined
  /** Whether the event ends its subject, so that what still waits to be sent about it is cancelled. */
  readonly closes?: true
}
