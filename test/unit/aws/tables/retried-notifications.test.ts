import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, it, jest } from '@jest/globals'
import { eventKey, retriedKey } from '../../../../lib/aws/tables/notification-keys.ts'
import { listNotifications } from '../../../../lib/aws/tables/notifications-list.ts'
import { findRetried } from '../../../../lib/aws/tables/retried-notifications.ts'
import type { DeliveryRecord } from '../../../../lib/notifications/store.ts'

/** A table with one notification, which waits after these deliveries. */
function tableWith(deliveries: readonly DeliveryRecord[], endedAt?: string) {
  const { event } = eventKey({ tenant: 'acme', eventType: 'task.create', eventId: '1' })
  const key = { event, entry: 'notification#1' }
  const createdAt = '2026-11-27T10:00:00.000Z'
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  jest.spyOn(client, 'send').mockImplementation(async ({ input }) => {
    const { RequestItems, ExpressionAttributeValues } = Object(input)
    if (RequestItems === undefined) {
      const isAsked = ExpressionAttributeValues[':value'] === retriedKey('acme')
      return { Items: isAsked ? [{ ...key, listedAt: `${createdAt}#0` }] : [] }
    }
    const names: string[] = Object.values(RequestItems.table.ExpressionAttributeNames)
    const about = { state: 'WAIT_FOR_DISPATCH', channel: 'email', attempts: deliveries.length }
    const item = { ...key, createdAt, ...about, deliveries, endedAt }
    const projected = Object.entries(item).filter(([name]) => names.includes(name))
    return { Responses: { table: [Object.fromEntries(projected)] } }
  })
  return { TableName: 'table', client }
}

const failed = (minute: number, nextAt?: string): DeliveryRecord => {
  const at = `2026-11-28T10:${minute}:00.000Z`
  return { at, outcome: 'transient', reason: 'SMTP 451', ...(nextAt && { nextAt }) }
}
const soon = '2026-11-28T11:00:00.000Z'

it.each<[string, readonly DeliveryRecord[], string]>([
  ['the first', [failed(10, soon), failed(20, soon)], '10'],
  ['the first since it was sent again', [failed(10, soon), failed(20), failed(30, soon)], '30'],
  ['the last, where no next one is on record', [failed(10), failed(20)], '20'],
])('tells since which failed try a notification waits: %s', async (_, deliveries, minute) => {
  const found = await findRetried(tableWith(deliveries), ['globex', 'acme'])
  const triedSince = `2026-11-28T10:${minute}:00.000Z`
  expect(found).toMatchObject([{ tenant: 'acme', notifications: [{ triedSince }] }])
})

it('tells since which failed try it waits if its message came back from the dead-letter queue', async () => {
  const deliveries = [failed(10, soon), failed(20, soon), failed(30, soon)]
  const [found] = await findRetried(tableWith(deliveries, '2026-11-28T10:25:00.000Z'), ['acme'])
  expect(found?.notifications).toMatchObject([{ triedSince: '2026-11-28T10:30:00.000Z' }])
})

it('a list of those that wait for another try reads them alone, however many wait beside them', async () => {
  const filter = { state: 'WAIT_FOR_DISPATCH', isRetried: true, channel: 'email' } as const
  const table = tableWith([failed(10, soon)])
  const page = { limit: 50, withAbout: true }
  const { notifications } = await listNotifications(table, 'acme', filter, page)
  expect(notifications).toMatchObject([{ state: 'WAIT_FOR_DISPATCH', nextTryAt: soon }])
})
