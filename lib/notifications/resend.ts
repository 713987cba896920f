import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import type { QueueMessage } from './dispatch.ts'
import type { KeptNotifications } from './kept.ts'
import type { NotificationState, QueuedNotification } from './notification.ts'
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
 * @throws EcosError `not-resendable` in any other state, or if its content is not kept
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
  const queued = await loadKept(record, kept)
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

async function loadKept(
  record: NotificationRecord,
  kept: KeptNotifications,
): Promise<QueuedNotification> {
  try {
    return await kept.load(record)
  } catch (error) {
    if (!(error instanceof EcosError) || error.code !== 'payload-not-found') throw error
    throw new EcosError('not-resendable', whyNotKept(record), { cause: error })
  }
}

function whyNotKept(record: NotificationRecord): string {
  const {
    notificationId,
    channel,
    eventType,
    eventId,
    reason = 'no reason is on record',
    attempts,
    endedAt,
  } = record
  if (attempts > 0 || endedAt !== undefined) {
    return `The content of the notification ${notificationId} is no longer kept: if its message is in the dead-letter queue of ${channel}, redrive that`
  }
  const problem = `The notification ${notificationId} failed before it was queued (${reason})`
  const event = `its event, ${eventType} ${eventId}`
  return `${problem}: it has no content. Mend that, then redrive ${event}, if it is in a dead-letter queue; or tell all of its recipients again with replay --again`
}
