import { recordEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record came to be: it names nobody, so its subscribers are told. */
export const handler = notifyingFunction({
  type: 'record.create',
  schema: recordEvent,
  recipients: () => 'subscribers',
})
