import { describe, expect, it } from '@jest/globals'
import type { ChannelName } from '../../../lib/channels/channel.ts'
import { parseQueued, type QueuedNotification } from '../../../lib/notifications/notification.ts'
import { sendTest } from '../../../lib/notifications/send-test.ts'
import type { Subscriber } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import type { Render } from '../../../lib/notifications/templates/render.ts'
import { builtInRender, MemoryStore } from './in-memory.ts'

const test = { tenant: 'acme', username: 'ivanov', eventType: 'task.assign' } as const

async function sent(
  channel: ChannelName,
  { subscriber, person }: { subscriber?: Partial<Subscriber>; person?: Subscriber['person'] },
) {
  const store = new MemoryStore()
  const queued: QueuedNotification[] = []
  const groups: string[] = []
  const readers: Parameters<Render>[2][] = []
  const notification = await sendTest(
    { ...test, channel, tenantLocale: 'ru-RU' },
    {
      subscriptions: {
        find: async (...of) => {
          expect(of).toEqual(['acme', ['ivanov'], 'task.assign'])
          return subscriber ? [{ username: 'ivanov', actions: [], ...subscriber }] : []
        },
      },
      findPerson: async () => person,
      notifications: store,
      async enqueue(to, messages) {
        expect(to).toBe(channel)
        queued.push(...messages.map(({ body }) => parseQueued(body)))
        groups.push(...messages.map(({ group }) => group))
      },
      render(kind, data, reader) {
        expect([kind.type, data]).toEqual(['notification.test', {}])
        readers.push(reader)
        return builtInRender(kind, data, reader)
      },
      now: () => new Date('2026-11-25T10:00:00Z'),
    },
  )
  const record = await store.find(notification)
  return { notification, queued: queued[0], record, group: groups[0], reader: readers[0] }
}

const off = { reason: 'x', at: '' }
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

  it('is stored and queued alike, with a time to live that begins now, and is new each time', async () => {
    const one = await sent('email', { subscriber: { actions: [email] } })
    const { notification, queued, record } = one
    const { username, ...rest } = notification
    expect(username).toBe('ivanov')
    expect(rest).toMatchObject({ tenant: 'acme', channel: 'email', address: 'i@acme.example' })
    expect(queued).toMatchObject({
      ...{ ...rest, customData: {}, queuedAt: '2026-11-25T10:00:00.000Z', resend: 0 },
    })
    expect(record).toMatchObject(notification)
    expect(one.group).toEqual('acme')
    const other = await sent('email', { subscriber: { actions: [email] } })
    expect(other.notification.notificationId).not.toBe(notification.notificationId)
  })

  it('goes to the first address of the channel that is on, whatever the person’s own is', async () => {
    const sms = { channel: 'sms', address: '+79990000000' } as const
    const actions = [sms, { ...email, address: 'off@acme.example', off }, email]
    const person = { email: 'own@acme.example', phone: '+79991234567' }
    const subscriber = { actions, person }
    expect((await sent('email', { subscriber })).queued?.address).toBe('i@acme.example')
    expect((await sent('sms', { subscriber })).queued?.address).toBe(sms.address)
  })

  it.each([
    ['email', 'own@acme.example'],
    ['sms', '+79991234567'],
    ['telegram', '1234567'],
  ] as const)(
    'goes by %s to the person’s own address, where no action has one',
    async (channel, own) => {
      const person = { email: 'own@acme.example', phone: '+79991234567', telegram: '1234567' }
      for (const who of [{ person }, { subscriber: { person } }, { subscriber: {}, person }]) {
        expect((await sent(channel, who)).queued?.address).toBe(own)
      }
    },
  )

  it.each(['email', 'sms', 'telegram'] as const)('needs an address for %s', async (channel) => {
    for (const who of [{}, { person: {} }]) {
      await expect(sent(channel, who)).rejects.toMatchObject({ code: 'no-address' })
    }
  })

  it.each(['push', 'chat', 'webhook'] as const)('needs an action for %s', async (channel) => {
    const person = { email: 'own@acme.example', phone: '+79991234567', telegram: '1234567' }
    await expect(sent(channel, { person })).rejects.toMatchObject({
      code: 'no-address',
      message: `ivanov of acme has no ${channel} address for task.assign: add one with "subscriptions add"`,
    })
  })

  it('is in the language and zone of the action, the preferences, the person or the tenant', async () => {
    const person = { email: 'own@acme.example', locale: 'en', timeZone: 'Asia/Tokyo' }
    const preferences = { timeZone: 'UTC', locale: 'de' }
    const action = { ...email, locale: 'fr' }
    const read = async (subscriber: Partial<Subscriber>) => {
      const { locale, timeZone } = (await sent('email', { subscriber })).reader ?? {}
      return [locale, timeZone]
    }
    expect(await read({ actions: [action], preferences, person })).toEqual(['fr', 'UTC'])
    expect(await read({ actions: [email], preferences, person })).toEqual(['de', 'UTC'])
    expect(await read({ actions: [email], person })).toEqual(['en', 'Asia/Tokyo'])
    expect(await read({ actions: [email] })).toEqual([undefined, undefined])
    const { reader } = await sent('email', { subscriber: { actions: [email] } })
    expect(reader).toEqual({
      ...{ tenant: 'acme', channel: 'email', tenantLocale: 'ru-RU', customData: {} },
      ...{ locale: undefined, timeZone: undefined },
    })
  })
})
