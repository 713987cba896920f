import type { SubscriptionEntry } from '../../lib/notifications/subscriptions/entry.ts'
import type { Action } from '../../lib/notifications/subscriptions/subscriptions.ts'

/** Subscriptions for a terminal: a line for each, and an indented one for each of its actions. */
export function entriesText(entries: readonly SubscriptionEntry[]): string {
  return entries.length > 0 ? entries.map(entryText).toSorted().join('\n') : 'None'
}

function entryText(entry: SubscriptionEntry): string {
  switch (entry.of) {
    case 'subscription': {
      const { subscription, broken = [] } = entry
      const who = 'username' in subscription ? subscription.username : '(everyone else)'
      return [
        `${who}  ${subscription.eventType}`,
        ...subscription.actions.map(actionText),
        ...broken.map(({ channel, address, fault }) => `  ${channel} ${address}, broken: ${fault}`),
      ].join('\n')
    }
    case 'preferences':
      return `${entry.username}  preferences\n  ${JSON.stringify(entry.preferences)}`
    case 'person':
      return `${entry.username}  person\n  ${JSON.stringify(entry.person)}`
    case 'misfit': {
      const who = entry.username ?? '(everyone else)'
      return `${who}  ${entry.eventType}\n  does not fit the schema and has no effect: remove it`
    }
  }
}

function actionText({ channel, address, ...more }: Action): string {
  const { locale, template, condition, customData, off } = more
  const parts = [
    `  ${channel} ${address}`,
    locale && `in ${locale}`,
    template && `by the template ${template}`,
    condition && `if ${JSON.stringify(condition)}`,
    customData && `with ${JSON.stringify(customData)}`,
    off && `switched off on ${off.at}: ${off.reason}`,
  ]
  return parts.filter(Boolean).join(', ')
}
