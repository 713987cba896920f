import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, it, jest } from '@jest/globals'
import { eventKey } from '../../../../lib/aws/tables/notification-keys.ts'
import { listOfEvent } from '../../../../lib/aws/tables/notifications-lookup.ts'
import { searchNotifications } from '../../../../lib/aws/tables/notifications-search.ts'

const createdAt = '2026-11-01T10:00:00.000Z'
const now = '2026-11-28T10:00:00.000Z'

/** A table that has one event, of which so many people were told long ago. */
function table(people: number, eventType = 'task.create') {
  const key = eventKey({ tenant: 'acme', eventType, eventId: 'event-1' })
  const items = Array.from({ length: people }, (_, index) => ({
    ...{ ...key, entry: `notification#${index}`, eventId: 'event-1', eventType },
    deliveries: [
      { at: createdAt, outcome: 'transient' },
      { at: now, outcome: 'sent' },
    ],
    ...{ createdAt, listedAt: createdAt, state: 'SENT', username: `u${index}`, channel: 'email' },
  }))
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  jest.spyOn(client, 'send').mockImplementation(async ({ input }) => {
    const { RequestItems, IndexName, ExpressionAttributeValues: values } = Object(input)
    if (RequestItems !== undefined) {
      const asked = RequestItems.table.Keys.map(({ entry }: { entry: string }) => entry)
      return { Responses: { table: items.filter(({ entry }) => asked.includes(entry)) } }
    }
    if (IndexName === 'byPerson') {
      const found = items.filter(({ username }) => values[':value'].endsWith(`#${username}`))
      return { Items: values[':before'] === undefined ? found : [] }
    }
    return { Items: Object.values(values).includes(key.event) ? items : [] }
  })
  return { TableName: 'table', client }
}

const words = ['event-1']

it('a whole id is found whatever the time range is, also with a person', async () => {
  const within = { words, from: '2026-11-27T10:00:00.000Z' }
  const page = { limit: 50, before: now }
  const all = await searchNotifications(table(3), 'acme', within, page)
  expect(all.notifications.map(({ lastTryAt }) => lastTryAt)).toEqual([now, now, now])
  const mine = await searchNotifications(table(3), 'acme', { ...within, username: 'u2' }, page)
  expect(mine.notifications.map(({ username }) => username)).toEqual(['u2'])
})

it('a person of a crowd is found by the index of persons', async () => {
  const filter = { words, from: '2026-11-27T10:00:00.000Z' }
  const all = await searchNotifications(table(600), 'acme', filter, { limit: 50 })
  expect([all.notifications.length, all.isCut]).toEqual([500, true])
  const page = { limit: 50 }
  const one = await searchNotifications(table(600), 'acme', { ...filter, username: 'u599' }, page)
  expect(one).toMatchObject({ notifications: [{ username: 'u599' }] })
  expect(one.isCut).toBeUndefined()
})

it.each(['task.reminder', 'notification.digest', 'notification.test'])(
  'a %s is found by its id',
  async (eventType) => {
    const one = table(1, eventType)
    const found = await searchNotifications(one, 'acme', { words }, { limit: 50 })
    expect(found.notifications).toMatchObject([{ eventType }])
    const event = { tenant: 'acme', eventId: 'event-1' }
    const listed = await listOfEvent(one, event, {}, { limit: 50 })
    expect(listed.notifications).toMatchObject([{ eventType }])
  },
)
