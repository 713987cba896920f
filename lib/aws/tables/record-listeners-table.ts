import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { Log } from '../../log.ts'
import {
  type RecordListeners,
  type RegisteredInterest,
  type RegisteredInterestKey,
  registeredInterest,
} from '../../records/record-listeners.ts'
import { conditionHeld } from './conditional-write.ts'

/**
 * The table of record listeners: partition key `tenant`, sort key `listenerType`,
 * `<listener>#<event type>`; `attributes` is a set of strings, `filter` a predicate. The partition key
 * lets IAM restrict a tenant to its own items (`dynamodb:LeadingKeys`).
 */
export function createRecordListeners(
  table: string,
  client: DynamoDBDocumentClient,
  log: Log,
): RecordListeners {
  return {
    async ofTenant(tenant) {
      const found: RegisteredInterest[] = []
      const query = {
        TableName: table,
        KeyConditionExpression: 'tenant = :tenant',
        ExpressionAttributeValues: { ':tenant': tenant },
      }
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        for (const item of Items) {
          const parsed = registrationIn(item)
          if (parsed) found.push(parsed)
          else log.warn('Skipped a listener of record events that does not fit', { tenant })
        }
      }
      return found
    },

    async add(tenant, { listener, eventType, attributes, filter }) {
      const update = [
        filter !== undefined && 'SET #filter = :filter',
        attributes.length > 0 && 'ADD #attributes :attributes',
      ].filter(Boolean)
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf({ tenant, listener, eventType }),
          ...(update.length > 0 && {
            UpdateExpression: update.join(' '),
            ExpressionAttributeNames: {
              ...(filter !== undefined && { '#filter': 'filter' }),
              ...(attributes.length > 0 && { '#attributes': 'attributes' }),
            },
            ExpressionAttributeValues: {
              ...(filter !== undefined && { ':filter': filter }),
              ...(attributes.length > 0 && { ':attributes': new Set(attributes) }),
            },
          }),
        }),
      )
    },

    async remove(of, attributes = []) {
      const condition = {
        TableName: table,
        Key: keyOf(of),
        ConditionExpression: 'attribute_exists(tenant)',
      }
      const removal =
        attributes.length === 0
          ? new DeleteCommand(condition)
          : new UpdateCommand({
              ...condition,
              UpdateExpression: 'DELETE #attributes :attributes',
              ExpressionAttributeNames: { '#attributes': 'attributes' },
              ExpressionAttributeValues: { ':attributes': new Set(attributes) },
            })
      return conditionHeld(client.send(removal as UpdateCommand))
    },
  }
}

function keyOf({ tenant, listener, eventType }: RegisteredInterestKey) {
  return { tenant, listenerType: `${listener}#${eventType}` }
}

function registrationIn(item: Record<string, unknown>): RegisteredInterest | undefined {
  const [listener, eventType] = String(item['listenerType']).split('#')
  const attributes = item['attributes'] instanceof Set ? [...item['attributes']].sort() : []
  const { filter } = item
  const parsed = registeredInterest.safeParse({ listener, eventType, attributes, filter })
  return parsed.success ? parsed.data : undefined
}
