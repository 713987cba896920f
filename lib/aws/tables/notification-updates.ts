import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb'
import type { Notification, NotificationState } from '../../notifications/notification.ts'
import { isResult } from '../../notifications/store.ts'
import { dueKey, type Key, shardOf, stateKey } from './notification-keys.ts'

/** A condition of an update, with the names (`#…`) and values (`:…`) that it adds. */
export interface Condition {
  readonly text: string
  readonly names?: Readonly<Record<string, string>>
  readonly values?: Readonly<Record<string, unknown>>
}

/** Key of the item, values to set (undefined ones are removed), and conditions that all have to hold. */
export type Change = readonly [
  key: Key,
  values: Readonly<Record<string, unknown>>,
  ...conditions: readonly Condition[],
]

/** Updates an item that exists. */
export function updateOf(TableName: string, ...[Key, values, ...conditions]: Change) {
  const names = Object.keys(values)
  const given = names.filter((name) => values[name] !== undefined)
  const removed = names.filter((name) => values[name] === undefined)
  const sets = given.map((name) => `#${name} = :${name}`).join(', ')
  const removes = removed.map((name) => `#${name}`).join(', ')
  const allValues = {
    ...Object.fromEntries(given.map((name) => [`:${name}`, values[name]])),
    ...Object.assign({}, ...conditions.map((condition) => condition.values)),
  }
  const input: UpdateCommandInput = {
    TableName,
    Key,
    UpdateExpression: `${sets && `SET ${sets} `}${removes && `REMOVE ${removes}`}`,
    ConditionExpression: ['attribute_exists(#entry)', ...conditions.map(({ text }) => text)].join(
      ' AND ',
    ),
    ExpressionAttributeNames: {
      '#entry': 'entry',
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ...Object.assign({}, ...conditions.map((condition) => condition.names)),
    },
    ...(Object.keys(allValues).length > 0 && { ExpressionAttributeValues: allValues }),
  }
  return new UpdateCommand(input)
}

/** The states that the given one does not replace. */
export function finalBefore(state: NotificationState): readonly NotificationState[] {
  return state === 'SENT' ? ['SENT'] : ['SENT', 'CANCELLED']
}

export function notIn(states: readonly NotificationState[]): Condition {
  return {
    text: states.map((state) => `#state <> :not${state}`).join(' AND '),
    names: { '#state': 'state' },
    values: Object.fromEntries(states.map((state) => [`:not${state}`, state])),
  }
}

/** The state, and its entry in the index `byState`. */
export function stateValues({ tenant }: Notification, state: NotificationState) {
  return { state, stateKey: stateKey(tenant, state) }
}

export const notDue = { due: undefined, dueAt: undefined } as const

/** Seconds that a sender has to announce a result itself. */
const announcedWithin = 90

/**
 * The entry in the index `byDue` of a result that is to be announced.
 *
 * @param from when the sender may have announced it itself
 */
export function dueAfter(notification: Notification, state: NotificationState, from = new Date()) {
  return isResult(state) ? dueResult(notification, from) : notDue
}

/** Without the index entry of a tenant that does not ask for results. */
export function dueResult(notification: Notification, from = new Date()) {
  if (!notification.announce) return notDue
  const dueAt = new Date(from.getTime() + announcedWithin * 1000).toISOString()
  return { due: dueKey('result', shardOf(notification)), dueAt }
}
