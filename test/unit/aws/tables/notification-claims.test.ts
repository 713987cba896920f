import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it, jest } from '@jest/globals'
import { createNotificationStore } from '../../../../lib/aws/tables/notifications-table.ts'
import type { DeliveryRecord, NotificationRecord } from '../../../../lib/notifications/store.ts'

/** The store, and the values that its last update sets. */
function storeOf() {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  const send = jest.spyOn(client, 'send').mockImplementation(async () => ({}))
  return {
    store: createNotificationStore('table', client),
    set: () => Object(send.mock.lastCall?.[0].input).ExpressionAttributeValues,
  }
}

const first: DeliveryRecord = { at: '2026-11-25T10:00:00.000Z', outcome: 'transient' }
const last: DeliveryRecord = { at: '2026-11-25T10:05:00.000Z', outcome: 'transient' }
const nextAt = '2026-11-25T10:30:00.000Z'

const record = (deliveries: readonly DeliveryRecord[]): NotificationRecord => ({
  ...{ tenant: 'acme', eventType: 'task.create', eventId: '1', notificationId: 'a'.repeat(64) },
  ...{ username: 'anna', channel: 'email', address: 'anna@acme.example' },
  ...{ state: 'EXPIRED', deliveries, attempts: deliveries.length, resend: 0 },
})

describe('the next try of a notification', () => {
  it('is forgotten when it is sent again: it expired before that try', async () => {
    const { store, set } = storeOf()
    const tried = [
      { ...first, nextAt: last.at },
      { ...last, nextAt },
    ]
    expect(await store.reopen(record(tried))).toBe(1)
    expect(set()).toMatchObject({ ':deliveries': [tried[0], last] })
  })

  it('costs no write where there is none', async () => {
    const { store, set } = storeOf()
    await store.reopen(record([last]))
    await store.reopen(record([]))
    expect(set()).not.toHaveProperty(':deliveries')
  })

  it('is forgotten by a sender after which nobody could record another', async () => {
    const { store, set } = storeOf()
    const claim = { id: '1', at: nextAt, until: '2026-11-25T10:31:00.000Z' }
    const waiting = record([{ ...last, nextAt }])
    await store.claim(waiting, claim)
    expect(set()).not.toHaveProperty(':deliveries')
    await store.claim(waiting, claim, { state: 'UNCERTAIN', reason: 'it died' })
    expect(set()).toMatchObject({ ':state': 'UNCERTAIN', ':deliveries': [last] })
  })
})
