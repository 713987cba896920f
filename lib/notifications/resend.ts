import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import type { QueueMessage } from './dispatch.ts'
import type { KeptNotifications } from './kept.ts'
import type { NotificationState } from './notification.ts'
import { queueBody } from './queue-body.ts'
import type { NotificationRecord, NotificationStore } from './store.ts'

export interface ResendPorts {
  readonly notifications: Pick<NotificationStore, 'reopen'>
  readonly kept: KeptNotifications
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
}

export const resendable: readonly NotificationState[] = ['ERROR', 'EXPIRED', 'UNCERTAIN', 'BLOCKED']

/**
 * Sends a notification again, with a new time to live. May be repeated after it failed halfway: a
 * reopened notification is queued again under the same number, and delivered once.
 *
 * @throws EcosError `not-resendable` in any other state; `payload-not-found` if it was not kept
 */
export async function resend(
  record: NotificationRecord,
  now: Date,
  { notifications, kept, enqueue }: ResendPorts,
): Promise<void> {
  const { notificationId, state } = record
  const isReopened = state === 'WAIT_FOR_DISPATCH' && record.resend > 0
  if (!isReopened && !resendable.includes(state)) {
    const problem = `The notification ${notificationId} is in ${state}`
    throw new EcosError(
      'not-resendable',
      `${problem}: only ${resendable.join(', ')} are sent again`,
    )
  }
  const queued = await kept.load(record)
  const count = isReopened ? record.resend : await notifications.reopen(record)
  if (count === undefined) {
    throw new EcosError(
      'not-resendable',
      `The notification ${notificationId} is being delivered, or has changed meanwhile: look again in a minute`,
    )
  }
  const body = await queueBody({ ...queued, queuedAt: now.toISOString(), resend: count }, kept)
  await enqueue(queued.channel, [{ body, group: queued.tenant }])
}
