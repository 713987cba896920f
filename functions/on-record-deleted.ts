import { recordLifeEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record is no more (events 2.0): its subscribers are told. */
export const handler = notifyingFunction({
  type: 'record-deleted',
  schema: recordLifeEvent,
  recipients: () => 'subscribers',
})
