import { recordStatusChangedEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record went on to another status (events 2.0): its subscribers are told. */
export const handler = notifyingFunction({
  type: 'record-status-changed',
  schema: recordStatusChangedEvent,
  recipients: () => 'subscribers',
})
