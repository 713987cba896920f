import { randomBytes } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { createSentMessages } from '../../../../lib/aws/tables/sent-messages.ts'
import { queued } from '../../notifications/in-memory.ts'

/** A table that keeps the items as they are written. */
function table() {
  const items: Record<string, unknown>[] = []
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  client.send = async (command: object) => {
    if (command instanceof PutCommand) {
      items.push(command.input.Item ?? {})
      return {}
    }
    const { Key } = Reflect.get(command, 'input')
    return { Item: items.find(({ event }) => event === Key.event) }
  }
  return { items, messages: createSentMessages('notifications', client) }
}

describe('a sent message', () => {
  it('is kept whole, in a partition of its own and small, and found by its tenant alone', async () => {
    const { items, messages } = table()
    const html = '<p>Здравствуйте! Вам назначена задача.</p>'.repeat(200)
    await messages.keep({ ...queued, html })
    expect(await messages.find(queued)).toEqual({ ...queued, html })
    expect(await messages.find({ ...queued, tenant: 'globex' })).toBeUndefined()
    const [item] = items
    expect(item).toMatchObject({
      event: `sent#acme#${queued.notificationId}`,
      entry: 'message',
      expiresAt: expect.any(Number),
    })
    expect((item?.['message'] as Uint8Array | undefined)?.byteLength).toBeLessThan(1024)
  })

  it('that is too large for an item is kept without custom data and HTML', async () => {
    const { messages } = table()
    const noise = randomBytes(400_000).toString('base64')
    await messages.keep({ ...queued, customData: { noise }, title: 'Счёт' })
    expect(await messages.find(queued)).toEqual({ ...queued, title: 'Счёт', html: '' })
  })
})
