import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { late } from '../../late.ts'
import type { Subject, SubjectStore } from '../../notifications/cancel.ts'
import { deduplicationSeconds } from '../../notifications/store.ts'
import type { SubjectState } from '../../notifications/subject.ts'
import { escapeTenant } from '../../tenant-name.ts'
import { furthestDays } from '../../tenants/reminders.ts'
import { batchGet } from './batch-get.ts'
import { conditionHeld } from './conditional-write.ts'
import { indexes, type Key, notificationOf, subjectKey } from './notification-keys.ts'

const item = late(() =>
  z.object({
    /** The type of the event that ended it. */
    closedBy: z.string().optional(),
    assigned: z
      .object({
        ...{ eventId: z.string(), at: z.string(), order: z.string() },
        isOffer: z.literal(true).exactOptional(),
      })
      .optional(),
  }),
)

/** Subjects are items of the notifications table, with the key `<tenant>#subject#<id>`, `subject`. */
export function createSubjectStore(
  TableName: string,
  client: DynamoDBDocumentClient,
): SubjectStore {
  const keyOf = (tenant: string, subjectId: string): Key => {
    return { event: `${escapeTenant(tenant)}#subject#${subjectId}`, entry: 'subject' }
  }
  const stateOf: SubjectStore['stateOf'] = async (tenant, subjectId) => {
    const Key = keyOf(tenant, subjectId)
    const command = new GetCommand({ TableName, Key, ConsistentRead: true })
    return stateIn((await client.send(command)).Item)
  }
  return {
    stateOf,

    async close({ tenant, eventType }, subject) {
      const command = new UpdateCommand({
        TableName,
        Key: keyOf(tenant, subject.id),
        UpdateExpression: 'SET closedBy = :type, expiresAt = :expiry',
        ExpressionAttributeValues: { ':type': eventType, ':expiry': expiryOf(subject) },
      })
      await client.send(command)
    },

    async assign(tenant, subject, assigned) {
      const command = new UpdateCommand({
        TableName,
        Key: keyOf(tenant, subject.id),
        UpdateExpression: 'SET assigned = :assigned, expiresAt = :expiry',
        // As isLatest says it.
        ConditionExpression:
          'attribute_not_exists(assigned) OR assigned.#at < :at OR (assigned.#at = :at AND assigned.#order <= :order)',
        ExpressionAttributeNames: { '#at': 'at', '#order': 'order' },
        ExpressionAttributeValues: {
          ':assigned': assigned,
          ':expiry': expiryOf(subject),
          ':at': assigned.at,
          ':order': assigned.order,
        },
        ReturnValues: 'ALL_NEW',
      })
      let after: unknown
      const isLatest = await conditionHeld(
        client.send(command).then(({ Attributes }) => {
          after = Attributes
        }),
      )
      return isLatest ? stateIn(after) : stateOf(tenant, subject.id)
    },

    async statesOf(tenant, subjectIds) {
      const keys = subjectIds.map((id) => keyOf(tenant, id))
      const items = await batchGet({ TableName, client }, keys, { ConsistentRead: true })
      const found = new Map(items.map((one) => [one['event'], stateIn(one)]))
      return new Map(
        subjectIds.flatMap((id, at): [string, SubjectState][] => {
          const state = found.get(keys[at]?.event)
          return state ? [[id, state]] : []
        }),
      )
    },

    async notificationsOf(tenant, subjectId) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          IndexName: indexes.bySubject,
          KeyConditionExpression: 'subjectKey = :subject',
          ExpressionAttributeValues: { ':subject': subjectKey(tenant, subjectId) },
        },
      )
      const keys: Key[] = []
      for await (const { Items = [] } of pages) keys.push(...(Items as Key[]))
      return keys.map(notificationOf)
    },
  }
}

function stateIn(stored: unknown): SubjectState {
  if (stored === undefined) return { isClosed: false }
  const { closedBy, assigned } = item.parse(stored)
  return { isClosed: closedBy !== undefined, ...(assigned && { assigned }) }
}

const day = 86_400

/**
 * Epoch seconds, as TTL takes them. Twice the time after which a late event is no longer expected, from the
 * due date on: the last reminders come at most 45 days later.
 */
function expiryOf({ due = 0 }: Subject): number {
  const now = Math.floor(Date.now() / 1000)
  const last = Math.min(Math.floor(due / 1000), now + furthestDays * day)
  return Math.max(now, last) + 2 * deduplicationSeconds
}
