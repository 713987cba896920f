import type { KeptNotifications } from './kept.ts'
import { encodeQueued, type QueuedNotification } from './notification.ts'

/**
 * UTF-8 bytes of a queued notification. SQS counts bytes, up to 1 MiB a message with its attributes (SQS
 * quotas, messages). A notification's texts stay far below, but custom data may be of any size.
 */
const maxBytes = 1_000_000

/** The message for the channel's queue. A notification that is too large for it is kept, and queued by reference. */
export async function queueBody(
  queued: QueuedNotification,
  kept: Pick<KeptNotifications, 'keep'>,
): Promise<string> {
  const body = encodeQueued(queued)
  if (Buffer.byteLength(body) <= maxBytes) return body
  await kept.keep(queued)
  const { short: _, details: __, ...rest } = queued
  return encodeQueued({ ...rest, title: '', text: '', html: '', customData: {}, isKept: true })
}

/** The whole of a queued notification, wherever its content is. */
export async function wholeOf(
  queued: QueuedNotification,
  kept: Pick<KeptNotifications, 'load'>,
): Promise<QueuedNotification> {
  if (!queued.isKept) return queued
  const { queuedAt, resend } = queued
  return { ...(await kept.load(queued)), queuedAt, resend }
}
