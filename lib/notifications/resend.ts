import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { type EventType, isEventType } from '../events/catalogue.ts'
import type { QueueMessage } from './dispatch.ts'
import { encodeEvent } from './event-message.ts'
import type { KeptNotifications } from './kept.ts'
import type { KeptEvents } from './kept-events.ts'
import type { NotificationState, QueuedNotification } from './notification.ts'
import { queueBody } from './queue-body.ts'
import { hasFailedPlanning, type NotificationRecord, type NotificationStore } from './store.ts'

export interface ResendPorts {
  readonly notifications: Pick<NotificationStore, 'reopen'>
  readonly kept: Pick<KeptNotifications, 'keep' | 'load'>
  readonly keptEvents: Pick<KeptEvents, 'load'>
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
  /** Puts messages into the queue of an event type. */
  enqueueEvents(eventType: EventType, messages: readonly QueueMessage[]): Promise<void>
}

/** `to-be-planned`: its event's handler plans it again, for it has no content yet. */
export type ResendOutcome = 'queued' | 'to-be-planned'

export const resendable: readonly NotificationState[] = ['ERROR', 'EXPIRED', 'UNCERTAIN', 'BLOCKED']

/**
 * Sends a notification again, with a new time to live; one that could not be planned is planned again. May
 * be repeated after it failed halfway: a reopened notification is queued again under the same number, and
 * delivered once.
 *
 * @throws EcosError `not-resendable` in any other state, or if its content is not kept
 */
export async function resend(
  record: NotificationRecord,
  now: Date,
  ports: ResendPorts,
): Promise<ResendOutcome> {
  const { notifications, kept, enqueue } = ports
  const { notificationId, state } = record
  const isReopened = state === 'WAIT_FOR_DISPATCH' && record.resend > 0
  if (!isReopened && !resendable.includes(state)) {
    const problem = `The notification ${notificationId} is in ${state}`
    throw new EcosError(
      'not-resendable',
      `${problem}: only ${resendable.join(', ')} are sent again`,
    )
  }
  if (hasFailedPlanning(record) && (await planLater(record, ports))) return 'to-be-planned'
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
  return 'queued'
}

/** @returns false if its event is not kept */
async function planLater(
  record: NotificationRecord,
  { keptEvents, enqueueEvents }: ResendPorts,
): Promise<boolean> {
  const { tenant, eventType, username, notificationId } = record
  const { again, ...about } = record
  const run = { ...about, ...(again !== undefined && { again }) }
  const event = isEventType(eventType) && (await keptEvents.load(run))
  if (!event) return false
  const body = encodeEvent(event, { failed: { username, notificationId } })
  await enqueueEvents(eventType, [{ body, group: tenant }])
  return true
}

async function loadKept(
  record: NotificationRecord,
  kept: Pick<KeptNotifications, 'load'>,
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
