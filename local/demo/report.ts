import type { Entry } from './ledger.ts'

/** What .local/report.json holds. `lost`: published, and seen nowhere, or stuck on its way. */
export function reportOf(entries: readonly Entry[]) {
  const count = (outcome: Entry['outcome']) =>
    entries.filter((entry) => entry.outcome === outcome).length
  const notifications = entries.flatMap((entry) => entry.notifications)
  const distinct = new Map(
    notifications.map((notification) => [notification.notificationId, notification]),
  )
  return {
    events: entries.map(({ message, outcome, reason, notifications }) => ({
      eventId: message.eventId,
      tenant: message.tenant,
      type: message.type,
      outcome,
      ...(reason !== undefined && { reason }),
      notifications,
    })),
    totals: {
      published: entries.length,
      bridged: count('bridged'),
      quarantined: count('quarantined'),
      deadLettered: count('dead-lettered'),
      notEnabled: count('not-enabled'),
      notifications: distinct.size,
      delivered: [...distinct.values()].filter(({ state }) => state === 'SENT').length,
      lost: entries.filter(({ ended }) => !ended).length,
    },
  }
}

export type Report = ReturnType<typeof reportOf>
