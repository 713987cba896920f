import { createHash } from 'node:crypto'
import { EcosError } from '../errors.ts'
import type { Envelope } from '../events/envelope.ts'
import type { DueNotifications, NotificationRecord, NotificationStore } from './store.ts'
import { isResult } from './store.ts'

export interface ResultPorts {
  readonly notifications: Pick<NotificationStore, 'announced'>
  /** Resolves when the event is on the bus. */
  putOnBus(event: Envelope): Promise<void>
}

/**
 * Puts a notification's result on the bus. It is on record that this is still to be done, so that what
 * is not announced now is by `announceLeft`; what is announced twice has the same id.
 */
export async function announce(record: NotificationRecord, ports: ResultPorts): Promise<void> {
  await ports.putOnBus(resultEvent(record))
  await ports.notifications.announced(record)
}

export interface LeftPorts extends ResultPorts {
  readonly notifications: Pick<NotificationStore, 'announced' | 'find'>
  readonly dueNotifications: DueNotifications
}

/** Announces the results whose senders did not. @returns how many */
export async function announceLeft(now: Date, ports: LeftPorts): Promise<number> {
  let count = 0
  for await (const keys of ports.dueNotifications.due('result', now)) {
    for (const key of keys) {
      const record = await ports.notifications.find(key)
      if (!record || !isResult(record.state)) continue
      await announce(record, ports)
      count += 1
    }
  }
  return count
}

/** `notification.sent` or `notification.failed`: ids, the channel, the state and the reason alone. */
export function resultEvent(record: NotificationRecord): Envelope {
  const { tenant, eventType, eventId, notificationId, channel, state, reason, attempts } = record
  if (!isResult(state)) {
    throw new EcosError('no-result', `A notification in ${state} has no result yet`)
  }
  const time = record.deliveries.at(-1)?.at
  return {
    specversion: '1.0',
    id: createHash('sha256')
      .update(JSON.stringify([notificationId, state, attempts, record.resend]))
      .digest('hex'),
    source: `/ecos/tenants/${tenant}`,
    type: state === 'SENT' ? 'notification.sent' : 'notification.failed',
    ...(time !== undefined && { time }),
    subject: notificationId,
    tenantid: tenant,
    datacontenttype: 'application/json',
    data: { notificationId, eventType, eventId, channel, state, reason: reason ?? null, attempts },
  }
}
