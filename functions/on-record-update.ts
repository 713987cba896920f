import { recordEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** Attributes of a record changed, such as its status. The type's subscribers are told. */
export const handler = notifyingFunction({
  type: 'record.update',
  schema: recordEvent,
  recipients: () => 'subscribers',
})
