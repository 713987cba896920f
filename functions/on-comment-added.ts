import { commentEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A record was commented on. The event names nobody, so the type's subscribers are told. */
export const handler = notifyingFunction({
  type: 'comment.added',
  schema: commentEvent,
  recipients: () => 'subscribers',
})
