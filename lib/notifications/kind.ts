import type { z } from 'zod'
import type { NotifyingType } from '../events/catalogue.ts'
import type { EventTemplate } from './templates/render.ts'

/** How the events of one type become notifications. Each handler, functions/on-<type>.ts, has one. */
export interface NotificationKind<Data> {
  readonly type: NotifyingType
  readonly schema: z.ZodType<Data>
  /** User names in lower case, nobody twice. */
  recipients(data: Data): readonly string[]
  readonly template: EventTemplate<Data>
}
