import type { Envelope } from '../events/envelope.ts'
import { createLeft } from './left.ts'
import { resultEvent } from './result-event.ts'
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
  onAnnounced?(record: NotificationRecord): void
}

/**
 * Announces the results whose senders did not.
 *
 * @returns how many
 * @throws EcosError `notifications-left` when all others were announced
 */
export async function announceLeft(now: Date, ports: LeftPorts): Promise<number> {
  const left = createLeft()
  let count = 0
  for await (const keys of ports.dueNotifications.due('result', now)) {
    for (const key of keys) {
      await left.attempt(key, async () => {
        const record = await ports.notifications.find(key)
        if (!record || !isResult(record.state)) return
        await announce(record, ports)
        ports.onAnnounced?.(record)
        count += 1
      })
    }
  }
  left.report()
  return count
}
