import { recordLifeEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record came to be (events 2.0): its subscribers are told. */
export const handler = notifyingFunction({
  type: 'record-created',
  schema: recordLifeEvent,
  recipients: () => 'subscribers',
})
