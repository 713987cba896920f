import type { Entry } from './ledger.ts'

/** What .local/report.json holds, an event for each message that was published. */
export function reportOf(entries: readonly Entry[]) {
  const events = entries.map(asEvent)
  const count = (outcome: ReturnType<typeof outcomeOf>) =>
    events.filter((event) => event.outcome === outcome).length
  // Two copies of an event share their notifications.
  const notifications = new Map(
    events.flatMap((event) => event.notifications.map((one) => [one.notificationId, one])),
  )
  return {
    events,
    totals: {
      published: events.length,
      bridged: count('bridged'),
      quarantined: count('quarantined'),
      deadLettered: count('dead-lettered'),
      notEnabled: count('not-enabled'),
      notifications: notifications.size,
      delivered: [...notifications.values()].filter(({ state }) => state === 'SENT').length,
      lost: count('lost'),
    },
  }
}

export type Report = ReturnType<typeof reportOf>

function asEvent(entry: Entry) {
  const { eventId, tenant, type } = entry.message
  const reason = reasonOf(entry)
  return {
    eventId,
    tenant,
    type,
    outcome: outcomeOf(entry),
    ...(reason !== undefined && { reason }),
    notifications: entry.notifications,
  }
}

/** `lost`: it was published, and did not reach an end. */
function outcomeOf({ outcome, ended }: Entry) {
  return ended && outcome !== 'pending' ? outcome : 'lost'
}

function reasonOf({ outcome, ended, reason }: Entry): string | undefined {
  if (ended) return reason
  return outcome === 'pending'
    ? 'seen nowhere since it was published'
    : 'bridged, but stuck before its notifications were done'
}
