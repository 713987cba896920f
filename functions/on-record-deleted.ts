import { recordLifeEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record was deleted (events 2.0). The type's subscribers are told. */
export const handler = notifyingFunction({
  type: 'record-deleted',
  schema: recordLifeEvent,
  recipients: () => 'subscribers',
})
