import { describe, expect, it } from '@jest/globals'
import type { ChannelMessage, Delivery } from '../../../lib/channels/channel.ts'
import { EcosError } from '../../../lib/errors.ts'
import { deliver } from '../../../lib/notifications/deliver.ts'
import type { NotificationState } from '../../../lib/notifications/notification.ts'
import { MemoryStore } from './in-memory.ts'

const queued = {
  notificationId: 'a'.repeat(64),
  tenant: 'acme',
  eventType: 'task.assign',
  eventId: 'e1',
  channel: 'email',
  address: 'ivanov@acme.example',
  title: 't',
  text: 'x',
  html: 'h',
  locale: 'ru',
  customData: {},
} as const

async function setUp(answer: Delivery | Error, state: NotificationState = 'WAIT_FOR_DISPATCH') {
  const store = new MemoryStore()
  await store.add({ ...queued, username: 'ivanov' })
  const stored = store.all[0]
  if (!stored) throw new Error('nothing is stored')
  stored.state = state
  const delivered: ChannelMessage[] = []
  const channel = {
    async deliver(message: ChannelMessage) {
      delivered.push(message)
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  return { stored, delivered, ports: { channel, notifications: store } }
}

describe('a notification', () => {
  it('that is delivered is SENT, with the id that the provider gave it', async () => {
    const { stored, delivered, ports } = await setUp({ outcome: 'sent', providerId: 'p1' })
    expect(await deliver(queued, false, ports)).toBe('sent')
    expect(delivered).toEqual([queued])
    expect(stored.state).toBe('SENT')
    expect(stored.deliveries).toEqual([{ state: 'SENT', providerId: 'p1' }])
  })

  it('that is SENT is not delivered again', async () => {
    const { delivered, ports } = await setUp({ outcome: 'sent' }, 'SENT')
    expect(await deliver(queued, false, ports)).toBe('already-sent')
    expect(delivered).toEqual([])
  })

  it('is delivered by one sender, when two have it at the same moment', async () => {
    const { delivered, ports } = await setUp({ outcome: 'sent' })
    const both = [deliver(queued, false, ports), deliver(queued, false, ports)]
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
    ])
    expect(delivered).toHaveLength(1)
    expect(await deliver(queued, false, ports)).toBe('already-sent')
  })

  it('that can never be delivered is in ERROR, and settled', async () => {
    const { stored, ports } = await setUp({ outcome: 'permanent', reason: 'SMTP 550' })
    expect(await deliver(queued, false, ports)).toBe('failed-for-good')
    expect(stored.deliveries).toEqual([{ state: 'ERROR', reason: 'SMTP 550' }])
  })

  it('whose address is gone is in ERROR, and settled', async () => {
    const { stored, ports } = await setUp({ outcome: 'gone', reason: 'HTTP 410' })
    expect(await deliver(queued, false, ports)).toBe('failed-for-good')
    expect(stored.deliveries).toEqual([{ state: 'ERROR', reason: 'HTTP 410' }])
  })

  it('that may be delivered later waits, and the queue is made to bring it again', async () => {
    const { stored, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    await expect(deliver(queued, false, ports)).rejects.toMatchObject({
      code: 'delivery-failed',
      retryable: true,
      message: 'Not delivered by email: SMTP 451',
    })
    expect(stored.deliveries).toEqual([{ state: 'WAIT_FOR_DISPATCH', reason: 'SMTP 451' }])
  })

  it('that fails on the last try is in ERROR before it rests in the dead-letter queue', async () => {
    const { stored, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    await expect(deliver(queued, true, ports)).rejects.toMatchObject({ code: 'delivery-failed' })
    expect(stored.state).toBe('ERROR')
  })

  it('in ERROR is tried again: someone moved it back out of the dead-letter queue', async () => {
    const { stored, ports } = await setUp({ outcome: 'sent' }, 'ERROR')
    expect(await deliver(queued, false, ports)).toBe('sent')
    expect(stored.state).toBe('SENT')
  })

  it.each([
    [new EcosError('secret-unreadable', 'a long story'), 'secret-unreadable'],
    [new TypeError('ivanov@acme.example'), 'TypeError'],
  ])('whose channel could not even try may be tried later', async (error, reason) => {
    const { stored, ports } = await setUp(error)
    await expect(deliver(queued, false, ports)).rejects.toMatchObject({ code: 'delivery-failed' })
    expect(stored.deliveries).toEqual([{ state: 'WAIT_FOR_DISPATCH', reason }])
  })

  it('that nobody knows is not delivered, since it may have been', async () => {
    const { delivered, ports } = await setUp({ outcome: 'sent' })
    const stranger = { ...queued, notificationId: 'b'.repeat(64) }
    await expect(deliver(stranger, false, ports)).rejects.toMatchObject({
      code: 'unknown-notification',
    })
    expect(delivered).toEqual([])
  })
})
