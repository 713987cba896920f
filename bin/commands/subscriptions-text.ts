import type { SubscriptionEntry } from '../../lib/notifications/subscriptions/entry.ts'
import {
  type Action,
  defaultAfterMinutes,
  type NextPlace,
} from '../../lib/notifications/subscriptions/subscriptions.ts'
import { say } from '../say.ts'
import { table } from './table.ts'

/** Subscriptions for a terminal: a row for each of their actions, and one for each person's preferences. */
export function entriesText(entries: readonly SubscriptionEntry[]): string {
  const rows = entries.flatMap(rowsOf)
  if (rows.length === 0) return say('Nothing matches.')
  const sorted = rows.toSorted((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1))
  return table(['person', 'type', 'channel', 'address', 'more'], sorted)
}

function rowsOf(entry: SubscriptionEntry): string[][] {
  switch (entry.of) {
    case 'subscription': {
      const { subscription, broken = [] } = entry
      const who = 'username' in subscription ? subscription.username : everyone()
      const cells = [
        ...subscription.actions.map(cellsOf),
        ...broken.map(({ channel, address, fault }) => [
          channel,
          address,
          say('broken: {fault}', { fault }),
        ]),
      ]
      return cells.map((some) => [who, subscription.eventType, ...some])
    }
    case 'preferences':
      return [[entry.username, say('preferences'), '', '', JSON.stringify(entry.preferences)]]
    case 'person':
      return [
        [entry.username, say('person'), '', '', JSON.stringify(entry.person)],
        ...Object.entries(entry.gone ?? {}).map(([place, { reason, at }]) => {
          const [channel = '', address = ''] = place.split(' ')
          return [
            entry.username,
            say('person'),
            channel,
            address,
            say('switched off on {at}: {reason}', { at, reason }),
          ]
        }),
      ]
    case 'misfit': {
      const problem = say('does not fit the schema and has no effect: remove it')
      return [[entry.username ?? everyone(), entry.eventType, '', '', problem]]
    }
  }
}

const everyone = () => say('(everyone else)')

function cellsOf({ channel, address, ...more }: Action): string[] {
  const { locale, template, condition, customData, reminders, next = [], off } = more
  const parts = [
    ...next.map(nextText),
    off && say('switched off on {at}: {reason}', off),
    locale && say('in {locale}', { locale }),
    template && say('by the template {template}', { template }),
    condition && say('if {condition}', { condition: JSON.stringify(condition) }),
    customData && say('with {values}', { values: JSON.stringify(customData) }),
    reminders &&
      (reminders.length > 0
        ? say('remind {reminders}', { reminders: reminders.join('; ') })
        : say('remind never')),
  ]
  return [channel, address, parts.filter(Boolean).join(', ')]
}

function nextText({
  channel,
  address,
  afterMinutes = defaultAfterMinutes,
  off,
}: NextPlace): string {
  const state = off ? ` (${say('switched off on {at}: {reason}', off)})` : ''
  const place = `${channel} ${address}`
  return `${say('then {place} after {minutes}m', { place, minutes: afterMinutes })}${state}`
}
