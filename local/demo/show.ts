import { styleText } from 'node:util'
import { channelNames } from '../../lib/channels/channel.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import type { NotificationState } from '../../lib/notifications/notification.ts'
import { defaultPartitions, partitionOf } from '../../lib/tenants/partition.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import type { Entry, SeenNotification } from './ledger.ts'
import type { Report } from './report.ts'

const longestType = Math.max(...eventTypes.map((type) => type.length))

/** A line with the event's tenant, type and way. */
export function eventLine(entry: Entry): string {
  const { tenant, type, eventId } = entry.message
  const id = eventId.length > 8 ? `${eventId.slice(0, 8)}…` : eventId
  return `${mark(entry)} ${tenant.padEnd(12)} ${type.padEnd(longestType)} ${id.padEnd(9)}  ${wayOf(entry)}`
}

export function totalsLine({ totals }: Report): string {
  const { published, bridged, quarantined, deadLettered, notEnabled } = totals
  const { notifications, delivered, lost } = totals
  return (
    `${published} published: ${bridged} bridged, ${quarantined} quarantined, ${deadLettered} dead-lettered, ` +
    `${notEnabled} not enabled, ${lost} lost; ${delivered} of ${notifications} notifications delivered`
  )
}

/** States of a notification that should have been sent. One may rightly be cancelled or blocked. */
const failures: ReadonlySet<string> = new Set<NotificationState>(['ERROR', 'EXPIRED', 'UNCERTAIN'])

function mark({ outcome, ended, notifications }: Entry): string {
  if (!ended) return styleText('red', '✖')
  const hasFailed = notifications.some(({ state }) => failures.has(state))
  if (outcome === 'bridged') return hasFailed ? styleText('red', '✖') : styleText('green', '✔')
  return outcome === 'not-enabled' ? styleText('dim', '–') : styleText('yellow', '!')
}

function wayOf(entry: Entry): string {
  const reason = entry.reason ?? ''
  switch (entry.outcome) {
    case 'pending':
      return 'lost: not seen since it was published'
    case 'not-enabled':
      return `not enabled: ${reason}`
    case 'quarantined':
      return `quarantined: ${reason}`
    case 'dead-lettered':
      return `bridged → dead-lettered: ${reason}`
    case 'bridged':
      return `bridged → ${entry.ended ? 'handled' : 'stuck'} → ${notificationsOf(entry)}`
  }
}

/** With more people than this, a line has their number. */
const maxNames = 4

function notificationsOf({ notifications }: Entry): string {
  if (notifications.length === 0) return 'nobody to notify'
  const people = Map.groupBy(
    notifications,
    ({ username, state }) => `${username} ${inWords(state)}`,
  )
  if (people.size <= maxNames) {
    return [...people]
      .map(([person, some]) => `${person} by ${channelsOf(some).join(', ')}`)
      .join('; ')
  }
  const states = Map.groupBy(notifications, ({ state }) => state)
  const counts = [...states].map(([state, some]) => `${some.length} ${inWords(state)}`)
  return `${notifications.length} notifications: ${counts.join(', ')}`
}

/** The channels, in their usual order. */
function channelsOf(notifications: readonly SeenNotification[]): string[] {
  const seen = new Set(notifications.map(({ channel }) => channel))
  return channelNames.filter((channel) => seen.has(channel))
}

function inWords(state: string): string {
  return state === 'SENT' ? 'delivered' : state === 'CANCELLED' ? 'cancelled, no longer due' : state
}

/** A line for each lost event. */
export function losses({ events }: Report): string[] {
  return events
    .filter(({ outcome }) => outcome === 'lost')
    .map(({ eventId, tenant, type, reason }) => `lost: ${tenant} ${type} ${eventId}: ${reason}`)
}

/** Which tenants share a partition: its rules and message groups. */
export function partitionsText(tenants: readonly Tenant[]): string {
  const shares = Map.groupBy(tenants, (tenant) => partitionOf(tenant, defaultPartitions))
  const lines = [...shares]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([partition, members]) => `  ${partition}  ${members.map(({ id }) => id).join(', ')}`)
  return [`Partitions, ${defaultPartitions} in all:`, ...lines].join('\n')
}
