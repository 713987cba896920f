import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { itemOf } from '../../lib/aws/tables/subscriptions-items.ts'
import { chunks } from '../../lib/chunks.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { subscribedType } from '../../lib/notifications/subscriptions/subscriptions.ts'
import type { Cloud } from '../cloud.ts'
import type { Receivers } from '../receivers/start.ts'
import { addressOf, otherActions } from './addresses.ts'
import { dataOf, type SampleMessage } from './events-file.ts'

/** The users that the messages name, in lower case. */
export function usersIn(
  messages: readonly SampleMessage[],
): { tenant: string; username: string }[] {
  const users = new Map<string, { tenant: string; username: string }>()
  for (const { tenant, body } of messages) {
    const data = dataOf(body)
    const named = [data?.['taskPooledUsers'], data?.['assignee'], data?.['initiator']].flat()
    for (const name of named) {
      const username = typeof name === 'string' ? name.trim().toLowerCase().toWellFormed() : ''
      // DynamoDB takes keys of up to 2,048 bytes.
      if (username !== '' && username.length <= 256)
        users.set(`${tenant}#${username}`, { tenant, username })
    }
  }
  return [...users.values()]
}

/**
 * Subscribes each user that the messages name to all task events, by e-mail; with receivers for the
 * other channels, the first user of each tenant by every channel.
 */
export async function subscribeUsers(
  cloud: Cloud,
  table: string,
  messages: readonly SampleMessage[],
  receivers?: Receivers,
): Promise<number> {
  const users = usersIn(messages)
  const firstOf = new Map(users.toReversed().map((user) => [user.tenant, user]))
  const types = [...new Set(eventTypes.map(subscribedType))]
  const items = users.flatMap((user) => {
    const { tenant, username } = user
    const email = { channel: 'email', address: addressOf(username, tenant) } as const
    const others =
      receivers && firstOf.get(tenant) === user ? otherActions(username, tenant, receivers) : []
    return types.map((eventType) => itemOf({ tenant, username, eventType }, [email, ...others]))
  })
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  // BatchWriteItem takes 25 items.
  for (const some of chunks(items, 25)) {
    const writes = some.map((item) => ({ PutRequest: { Item: { ...item } } }))
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: writes } }))
  }
  return users.length
}
