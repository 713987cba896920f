import { recordEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record was created. The event names nobody, so the type's subscribers are told. */
export const handler = notifyingFunction({
  type: 'record.create',
  schema: recordEvent,
  recipients: () => 'subscribers',
})
