import { describe, expect, it } from '@jest/globals'
import type { ChannelName } from '../../../lib/channels/channel.ts'
import { parseQueued, type QueuedNotification } from '../../../lib/notifications/notification.ts'
import { sendTest } from '../../../lib/notifications/send-test.ts'
import type { Subscriber } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { builtInRender, MemoryStore } from './in-memory.ts'

const test = { tenant: 'acme', username: 'ivanov', eventType: 'task.assign' } as const

async function sent(
  channel: ChannelName,
  { subscriber, person }: { subscriber?: Partial<Subscriber>; person?: Subscriber['person'] },
) {
  const store = new MemoryStore()
  const queued: QueuedNotification[] = []
  const notification = await sendTest(
    { ...test, channel },
    {
      subscriptions: {
        find: async () => (subscriber ? [{ username: 'ivanov', actions: [], ...subscriber }] : []),
      },
      findPerson: async () => person,
      notifications: store,
      enqueue: async (_, messages) =>
        void queued.push(...messages.map(({ body }) => parseQueued(body))),
      render: builtInRender,
      now: () => new Date('2026-11-25T10:00:00Z'),
    },
  )
  return { notification, queued: queued[0], record: await store.find(notification) }
}

const email = { channel: 'email', address: 'i@acme.example' } as const

describe('a test message', () => {
  it('says that it is one, and goes the way of every notification', async () => {
    const { notification, queued, record } = await sent('email', {
      subscriber: { actions: [email] },
    })
    expect(record).toMatchObject({ state: 'WAIT_FOR_DISPATCH', eventType: 'notification.test' })
    expect(queued).toMatchObject({
      notificationId: notification.notificationId,
      address: 'i@acme.example',
      title: expect.stringContaining('Это проверка'),
      text: expect.stringContaining('ничего не нужно'),
      mail: { why: 'Вы получили это сообщение, потому что кто-то проверяет уведомления.' },
    })
  })

  it.each([
    ["in the action's language", { subscriber: { actions: [{ ...email, locale: 'en' }] } }],
    ["in the person's language", { person: { email: email.address, locale: 'en' } }],
  ])('is %s', async (_, who) => {
    expect((await sent('email', who)).queued?.title).toContain('This is a test')
  })

  it("goes to a rule's address, or else to the person's own", async () => {
    const rule = { actions: [{ ...email, address: '{{ username }}@acme.example' }], byRule: true }
    expect((await sent('email', { subscriber: rule })).queued?.address).toBe('ivanov@acme.example')
    const person = { phone: '+79991234567' }
    expect((await sent('sms', { person })).queued?.address).toBe('+79991234567')
  })

  it.each([
    [{}],
    [{ subscriber: { actions: [{ ...email, off: { reason: 'x', at: '' } }] } }],
    [{ person: { phone: '+79991234567' } }],
  ])('needs an address: %j', async (who) => {
    await expect(sent('email', who)).rejects.toMatchObject({ code: 'no-address' })
  })
})
