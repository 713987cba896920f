import type { SubscriptionEntry } from '../../lib/notifications/subscriptions/entry.ts'
import {
  type Action,
  defaultAfterMinutes,
  type NextPlace,
} from '../../lib/notifications/subscriptions/subscriptions.ts'
import { table } from './text.ts'

/** Subscriptions for a terminal: a row for each of their actions, and one for each person's preferences. */
export function entriesText(entries: readonly SubscriptionEntry[]): string {
  const rows = entries.flatMap(rowsOf)
  if (rows.length === 0) return 'Nothing matches.'
  const sorted = rows.toSorted((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1))
  return table(['person', 'type', 'channel', 'address', 'more'], sorted)
}

function rowsOf(entry: SubscriptionEntry): string[][] {
  switch (entry.of) {
    case 'subscription': {
      const { subscription, broken = [] } = entry
      const who = 'username' in subscription ? subscription.username : everyone
      const cells = [
        ...subscription.actions.map(cellsOf),
        ...broken.map(({ channel, address, fault }) => [channel, address, `broken: ${fault}`]),
      ]
      return cells.map((some) => [who, subscription.eventType, ...some])
    }
    case 'preferences':
      return [[entry.username, 'preferences', '', '', JSON.stringify(entry.preferences)]]
    case 'person':
      return [
        [entry.username, 'person', '', '', JSON.stringify(entry.person)],
        ...Object.entries(entry.gone ?? {}).map(([place, { reason, at }]) => {
          const [channel = '', address = ''] = place.split(' ')
          return [entry.username, 'person', channel, address, `switched off on ${at}: ${reason}`]
        }),
      ]
    case 'misfit': {
      const problem = 'does not fit the schema and has no effect: remove it'
      return [[entry.username ?? everyone, entry.eventType, '', '', problem]]
    }
  }
}

const everyone = '(everyone else)'

function cellsOf({ channel, address, ...more }: Action): string[] {
  const { locale, template, condition, customData, reminders, next = [], off } = more
  const parts = [
    ...next.map(nextText),
    off && `switched off on ${off.at}: ${off.reason}`,
    locale && `in ${locale}`,
    template && `by the template ${template}`,
    condition && `if ${JSON.stringify(condition)}`,
    customData && `with ${JSON.stringify(customData)}`,
    reminders && (reminders.length > 0 ? `remind ${reminders.join('; ')}` : 'remind never'),
  ]
  return [channel, address, parts.filter(Boolean).join(', ')]
}

function nextText({
  channel,
  address,
  afterMinutes = defaultAfterMinutes,
  off,
}: NextPlace): string {
  const state = off ? ` (switched off on ${off.at}: ${off.reason})` : ''
  return `then ${channel} ${address} after ${afterMinutes}m${state}`
}
