import type { SampleMessage } from './events-file.ts'

export type SeenNotification = {
  notificationId: string
  username: string
  channel: string
  state: string
}

/** The way of a published message so far. */
export type Entry = {
  message: SampleMessage
  /** `pending`: not seen yet. */
  outcome: 'pending' | 'bridged' | 'quarantined' | 'dead-lettered' | 'not-enabled'
  reason?: string
  notifications: SeenNotification[]
  /** It has reached its end. */
  ended: boolean
}

export type Ledger = ReturnType<typeof createLedger>

/**
 * Keeps the way of each published message, as it is seen on the bus, in the quarantine, in a
 * dead-letter queue and in the table of notifications. Identical messages have an entry each.
 */
export function createLedger(messages: readonly SampleMessage[]) {
  const entries = messages.map(
    (message): Entry => ({
      message,
      outcome: 'pending',
      notifications: [],
      ended: false,
    }),
  )
  const byEvent = Map.groupBy(entries, ({ message }) =>
    eventKey(message.tenant, message.type, message.eventId),
  )
  const byBody = Map.groupBy(entries, ({ message }) =>
    bodyKey(message.tenant, message.routingKey, Buffer.from(message.body)),
  )

  let changes = 0

  return {
    entries: entries as readonly Entry[],
    /** How often an outcome or a notification's state has changed. */
    changes: () => changes,
    /** The types of the events that have not reached their end. */
    openTypes(): ReadonlySet<string> {
      return new Set(entries.filter(({ ended }) => !ended).map(({ message }) => message.type))
    },
    notEnabled(message: SampleMessage, reason: string) {
      const entry = entries.find((candidate) => candidate.message === message)
      if (entry) end(entry, 'not-enabled', reason)
    },
    /** A copy of the event was on the bus. */
    bridged(tenant: string, type: string, eventId: string) {
      const entry = byEvent.get(eventKey(tenant, type, eventId))?.find(isPending)
      if (!entry) return
      entry.outcome = 'bridged'
      changes += 1
    },
    quarantined(tenant: string, routingKey: string, body: Uint8Array, reason: string) {
      const entry = byBody.get(bodyKey(tenant, routingKey, body))?.find(isPending)
      if (entry) end(entry, 'quarantined', reason)
    },
    /** Whether the event is in the ledger and has not reached its end. */
    isOpen(tenant: string, type: string, eventId: string): boolean {
      return byEvent.get(eventKey(tenant, type, eventId))?.some(({ ended }) => !ended) ?? false
    },
    deadLettered(tenant: string, type: string, eventId: string, reason: string) {
      for (const entry of byEvent.get(eventKey(tenant, type, eventId)) ?? []) {
        if (!entry.ended) end(entry, 'dead-lettered', reason)
      }
    },
    /** @param handled whether `notifications` has all of the event's */
    notified(entry: Entry, notifications: SeenNotification[], handled: boolean) {
      if (statesOf(notifications) !== statesOf(entry.notifications)) changes += 1
      entry.notifications = notifications
      entry.ended ||= handled && notifications.every(({ state }) => state !== 'WAIT_FOR_DISPATCH')
    },
  }

  function end(entry: Entry, outcome: Entry['outcome'], reason: string): void {
    Object.assign(entry, { outcome, reason, ended: true })
    changes += 1
  }
}

function statesOf(notifications: readonly SeenNotification[]): string {
  return JSON.stringify(notifications.map(({ notificationId, state }) => [notificationId, state]))
}

function isPending({ outcome }: Entry): boolean {
  return outcome === 'pending'
}

function eventKey(tenant: string, type: string, eventId: string): string {
  return JSON.stringify([tenant, type, eventId])
}

function bodyKey(tenant: string, routingKey: string, body: Uint8Array): string {
  return JSON.stringify([tenant, routingKey, Buffer.from(body).toString('base64')])
}
