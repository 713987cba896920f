import { recordStatusChangedEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record's status changed (events 2.0). The type's subscribers are told. */
export const handler = notifyingFunction({
  type: 'record-status-changed',
  schema: recordStatusChangedEvent,
  recipients: () => 'subscribers',
})
