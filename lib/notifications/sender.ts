import type { Failure, MessageHandler } from '../queue-function/ports.ts'
import { conclude } from './conclude.ts'
import { type DeliverPorts, deliver } from './deliver.ts'
import { parseQueued, type QueuedNotification } from './notification.ts'
import type { Work } from './work.ts'

/** Sends the notifications of a channel's queue, within the rate limit and each once. */
export function sender(ports: DeliverPorts): MessageHandler<QueuedNotification> {
  return {
    parse: parseQueued,
    handle(queued, attempt, context) {
      const deadline = new Date(ports.now().getTime() + context.getRemainingTimeInMillis())
      return deliver(queued, { ...attempt, deadline }, ports)
    },
    async recordFailure(queued, failure, { messageId }) {
      if (failure.isLast) await recordEnd({ queued, messageId }, failure, ports)
    },
  }
}

/** A notification that rests in the dead-letter queue does not wait any more, whatever kept it from its channel. */
async function recordEnd(
  { queued, messageId }: Pick<Work, 'queued' | 'messageId'>,
  { code, reason }: Failure,
  ports: DeliverPorts,
): Promise<void> {
  const record = await ports.notifications.find(queued)
  if (record?.state !== 'WAIT_FOR_DISPATCH') return
  const { claim } = record
  if (claim && new Date(claim.until) > ports.now()) return
  const state = claim ? 'UNCERTAIN' : 'ERROR'
  // An unexpected error's text may quote a person.
  const isOurs = code !== 'unexpected-error'
  await conclude(
    { record, messageId },
    { state, reason: isOurs ? `${code}: ${reason}` : code },
    ports,
  )
}
