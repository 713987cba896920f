import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { nameOf } from '../ledger/names.ts'
import {
  addressesOf,
  astray,
  crowd,
  events2,
  people,
  subscribers,
  type Type,
  tenants,
  types,
} from '../plan/people.ts'

/** Subscribes the people, in the form that docs/architecture.md gives for the table. */
export async function subscribePeople(
  client: DynamoDBClient,
  table: string,
  webhookUrl: string,
): Promise<void> {
  const subscriptions = tenants.flatMap((tenant) =>
    [...people, ...crowd].flatMap((person) =>
      // A new task looks up `task.assign`.
      [...types, ...(tenant === events2.tenant ? [events2.type] : [])]
        .filter((type) => type !== 'task.create' && isSubscribed(person, type))
        .flatMap((eventType) => {
          const actions = addressesOf(tenant, person, webhookUrl)
          const name = nameOf(tenant)
          return actions.length === 0
            ? []
            : [
                {
                  subscriber: `${name}#${person}`,
                  eventType,
                  tenantType: `${name}#${eventType}`,
                  actions,
                },
              ]
        }),
    ),
  )
  const preferences = tenants.map((tenant) => ({
    subscriber: `${nameOf(tenant)}#${astray.username}`,
    eventType: 'preferences',
    preferences: astray.preferences,
  }))
  const items = [...subscriptions, ...preferences]
  const documents = DynamoDBDocumentClient.from(client)
  for (let first = 0; first < items.length; first += 25) {
    const some = items.slice(first, first + 25)
    const writes = some.map((item) => ({ PutRequest: { Item: item } }))
    await documents.send(new BatchWriteCommand({ RequestItems: { [table]: writes } }))
  }
}

function isSubscribed(person: string, type: Type): boolean {
  const only = subscribers[type]
  if (crowd.includes(person)) return type === 'task.assign'
  return only === undefined || only === person
}
