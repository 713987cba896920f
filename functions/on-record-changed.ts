import { recordChangedEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** Attributes of a record changed (events 2.0). The type's subscribers are told. */
export const handler = notifyingFunction({
  type: 'record-changed',
  schema: recordChangedEvent,
  recipients: () => 'subscribers',
})
