import type { Entry } from './ledger.ts'

/** The content of .local/report.json: an event for each published message. */
export function reportOf(entries: readonly Entry[]) {
  const events = entries.map(asEvent)
  const count = (outcome: ReturnType<typeof outcomeOf>) =>
    events.filter((event) => event.outcome === outcome).length
  // Copies of an event share its notifications.
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

/** `lost`: published, but not seen at an end. */
function outcomeOf({ outcome, ended }: Entry) {
  return ended && outcome !== 'pending' ? outcome : 'lost'
}

function reasonOf({ outcome, ended, reason }: Entry): string | undefined {
  if (ended) return reason
  return outcome === 'pending'
    ? 'not seen since it was published'
    : 'bridged, but its notifications did not end'
}
