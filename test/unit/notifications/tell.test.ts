import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import type { EventMessage } from '../../../lib/notifications/event-message.ts'
import { notificationId, parseQueued } from '../../../lib/notifications/notification.ts'
import type { Subscriber } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { type About, queuedOf, type TellPorts, telling } from '../../../lib/notifications/tell.ts'
import type { Render } from '../../../lib/notifications/templates/render.ts'
import { MemoryStore, queued } from './in-memory.ts'

const kind = { type: 'task.assign', schema: undefined as never, recipients: () => 'subscribers' }
const event: EventMessage = { tenant: 'acme', eventType: 'task.assign', eventId: 'e1' }
const now = new Date('2026-11-25T10:00:00.000Z')
const open: About = { state: { isClosed: false } }
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const mail = (username: string, more: Partial<Subscriber['actions'][number]> = {}) => ({
  ...{ channel: 'email' as const, address: `${username}@acme.example`, ...more },
})
const ivanov = { username: 'ivanov', actions: [mail('ivanov')] }
const petrov = { username: 'petrov', actions: [mail('petrov')] }
const content = { title: 't', text: 'x', html: 'h', locale: 'ru' }
const quiet = { timeZone: 'UTC', quietHours: { from: '09:00', to: '11:00' } }
const fails = (problem = 'x is missing') => new EcosError('template-failed', problem)

/** Tells people of the event, and says what was stored, queued, kept and rendered. */
async function tell(
  subscribers: readonly Subscriber[],
  {
    render = () => content,
    ...more
  }: {
    event?: Partial<EventMessage>
    about?: About
    render?: (options: Parameters<Render>[2]) => typeof content
    names?: Readonly<Record<string, string>>
  } = {},
) {
  const store = new MemoryStore()
  const sent: unknown[] = []
  const rendered: Parameters<Render>[2][] = []
  const ports: TellPorts = {
    ...{ notifications: store, kept: store, keptEvents: store.keptEvents, now: () => now },
    localeOf: (tenant) => (tenant === 'acme' ? 'de' : undefined),
    render: (_, data, options) => {
      expect(data).toEqual({ sum: 1 })
      rendered.push(options)
      return render(options)
    },
    enqueue: async (_, messages) =>
      void sent.push(...messages.map(({ body }) => parseQueued(body))),
    onLost: () => undefined,
  }
  const of = { ...event, ...more.event }
  const telling_ = telling(
    {
      ...{ kind: kind as never, event: of, data: { sum: 1 }, about: more.about ?? open },
      ...(more.names && { people: more.names }),
    },
    ports,
  )
  const told = await telling_(subscribers)
  const isKept = (await store.keptEvents.load(of)) !== undefined
  return { store, sent, rendered, told, isKept, records: store.all }
}

describe('people who are told of an event', () => {
  it('have a notification each, with the content of their action', async () => {
    const action = mail('ivanov', { customData: { amount: 'sum' } })
    const about = { ...open, subject: 't1', traceparent, tracestate: 'a=1' }
    const { told, sent, records, isKept } = await tell(
      [{ username: 'ivanov', actions: [action] }, petrov],
      { about },
    )
    const parts = (username: string) => ({
      ...{ ...event, username, channel: 'email' as const, address: `${username}@acme.example` },
    })
    const ids = ['ivanov', 'petrov'].map((name) => notificationId(parts(name)))
    expect(told).toEqual({ ids, broken: undefined })
    expect(records[0]).toEqual({
      ...{ ...parts('ivanov'), notificationId: ids[0], subject: 't1' },
      ...{ traceparent, tracestate: 'a=1', state: 'WAIT_FOR_DISPATCH' },
      ...{ deliveries: [], attempts: 0, resend: 0 },
    })
    const { username: _, ...first } = parts('ivanov')
    expect(sent[0]).toEqual({
      ...{ ...first, notificationId: ids[0], ...content, customData: { amount: 1 } },
      ...{ traceparent, tracestate: 'a=1', queuedAt: now.toISOString(), resend: 0 },
    })
    expect([sent.length, isKept]).toEqual([2, false])
  })

  it('by a replay have notifications of their own', async () => {
    const { records, sent } = await tell([ivanov], { event: { again: 'again-1' } })
    expect(records).toMatchObject([{ again: 'again-1' }])
    expect(records[0]).not.toHaveProperty('subject')
    expect(sent[0]).not.toHaveProperty('again')
    const { again: _, ...first } = { ...event, ...mail('ivanov'), username: 'ivanov', again: '' }
    expect(records[0]?.notificationId).not.toBe(notificationId(first))
  })

  it('get nothing about what is closed, which is on record', async () => {
    const about = { subject: 't1', state: { isClosed: true } }
    const { records, sent, rendered } = await tell([ivanov], { about })
    expect(records).toMatchObject([{ state: 'CANCELLED', reason: 'its subject is closed' }])
    expect([sent, rendered]).toEqual([[], []])
  })

  it('wait where they wish to, or until the place before has not delivered', async () => {
    const next = [{ channel: 'sms', address: '+79991234567' }] as const
    const { records, store, sent } = await tell([
      { ...ivanov, preferences: quiet },
      { username: 'petrov', actions: [mail('petrov', { next: [...next] })] },
      { ...ivanov, username: 'sidorov', preferences: { timeZone: 'UTC', channels: { '*': [] } } },
    ])
    const waiting = { state: 'WAIT_FOR_DISPATCH', digest: false }
    expect(records).toMatchObject([
      { username: 'ivanov', heldUntil: '2026-11-25T11:00:00.000Z', ...waiting },
      { username: 'petrov', channel: 'email', state: 'WAIT_FOR_DISPATCH' },
      {
        ...{ username: 'petrov', channel: 'sms', heldUntil: '2026-11-25T10:10:00.000Z' },
        ...{ awaits: [records[1]?.notificationId], ...waiting },
      },
      { username: 'sidorov', state: 'BLOCKED', reason: expect.stringContaining('turned') },
    ])
    expect(records[0]).not.toHaveProperty('awaits')
    expect(store.kept.size).toBe(3)
    expect(sent).toHaveLength(1)
  })

  it('who are told again do not wait for quiet hours, and still for the place before', async () => {
    const next = [{ channel: 'sms', address: '+79991234567' }] as const
    const failed = { username: 'ivanov', notificationId: 'n' }
    const { records, sent } = await tell(
      [{ username: 'ivanov', actions: [mail('ivanov', { next: [...next] })], preferences: quiet }],
      { event: { failed } },
    )
    expect(records.map(({ channel, heldUntil }) => [channel, heldUntil])).toEqual([
      ['email', undefined],
      ['sms', '2026-11-25T11:10:00.000Z'],
    ])
    expect(sent).toHaveLength(1)
    const blocked = { timeZone: 'UTC', channels: { '*': [] } }
    const other = await tell([{ ...ivanov, preferences: blocked }], { event: { failed } })
    expect(other.records).toMatchObject([{ state: 'BLOCKED' }])
  })
})

describe('a content', () => {
  it('is rendered once for all who read it alike', async () => {
    const people = Array.from({ length: 25 }, (_, at) => ({ ...ivanov, username: `u${at}` }))
    const { rendered, told } = await tell(people, { names: { ivanov: 'Иванов' } })
    expect(told.ids).toHaveLength(25)
    expect(rendered).toEqual([
      {
        ...{ tenant: 'acme', people: { ivanov: 'Иванов' }, tenantLocale: 'de' },
        ...{ channel: 'email', locale: undefined, timeZone: undefined, template: undefined },
        ...{ customData: {}, now },
      },
    ])
  })

  it.each<[string, Partial<Subscriber>]>([
    ['channel', { actions: [{ channel: 'sms', address: '+79991234567' }] }],
    ['language', { actions: [mail('a', { locale: 'en' })] }],
    ['template', { actions: [mail('a', { template: 'own' })] }],
    ['custom data', { actions: [mail('a', { customData: { amount: 'sum' } })] }],
    ['time zone', { preferences: { timeZone: 'Asia/Tokyo' } }],
    ['time of reading', { preferences: { ...quiet, timeZone: 'UTC' } }],
  ])('is rendered for each %s', async (_, other) => {
    const { rendered } = await tell([ivanov, { ...petrov, ...other }, ivanov])
    expect(rendered).toHaveLength(2)
  })

  it('that is held is rendered for the time at which it is read', async () => {
    const { rendered } = await tell([{ ...ivanov, preferences: quiet }])
    expect(rendered).toMatchObject([{ now: new Date('2026-11-25T11:00:00Z'), timeZone: 'UTC' }])
  })

  it('that fails, fails once for all who read it alike', async () => {
    const people = [ivanov, petrov].map((one) => ({
      ...{ ...one, actions: one.actions.map((action) => ({ ...action, template: 'own' })) },
    }))
    const { rendered, records } = await tell(people, {
      render: () => {
        throw fails()
      },
    })
    expect(rendered).toHaveLength(1)
    const failed = { state: 'ERROR', reason: 'template-failed: x is missing' }
    expect(records).toMatchObject([failed, failed])
  })
})

describe('an event of which somebody can not be told', () => {
  const brokenFor =
    (isBroken: (options: Parameters<Render>[2]) => boolean) => (options: Parameters<Render>[2]) => {
      if (isBroken(options)) throw fails(JSON.stringify(options.customData))
      return content
    }

  it('is kept, and all others are told', async () => {
    const { told, sent, isKept, records } = await tell([
      { ...ivanov, preferencesFault: 'they do not fit' },
      petrov,
    ])
    expect(told.broken).toBeUndefined()
    expect([told.ids.length, sent.length, isKept]).toEqual([2, 1, true])
    expect(records[0]).toMatchObject({
      ...{ state: 'ERROR', reason: 'invalid-preferences: they do not fit' },
    })
  })

  it('has a broken template, where that fails for everyone', async () => {
    const { told, isKept } = await tell(
      [{ username: 'ivanov', actions: [mail('ivanov', { customData: { amount: 'sum' } })] }],
      { render: brokenFor(() => true) },
    )
    expect(told.broken).toEqual(fails('{}'))
    expect(isKept).toBe(true)
  })

  it('has none, where only some custom data does not go with it', async () => {
    const { told, isKept, sent } = await tell(
      [
        { username: 'ivanov', actions: [mail('ivanov', { customData: { amount: 'sum' } })] },
        petrov,
      ],
      { render: brokenFor(({ customData }) => 'amount' in customData) },
    )
    expect(told.broken).toBeUndefined()
    expect([isKept, sent.length]).toEqual([true, 1])
  })

  it('has none, where it is a person’s own choice that fails', async () => {
    const { told, isKept } = await tell(
      [{ username: 'ivanov', actions: [mail('ivanov', { template: 'own' })] }],
      { render: brokenFor(() => true) },
    )
    expect(told.broken).toBeUndefined()
    expect(isKept).toBe(true)
  })

  it('tells of the first fault of its template', async () => {
    const { told } = await tell(
      [
        ivanov,
        { username: 'petrov', actions: [mail('petrov', { locale: 'en' })] },
        { username: 'sidorov', actions: [mail('sidorov', { locale: 'fr' })] },
      ],
      {
        render: ({ locale }) => {
          if (locale === undefined) return content
          throw fails(locale)
        },
      },
    )
    expect(told.broken).toEqual(fails('en'))
  })
})

it('a queued notification has nothing that its sender does not need', () => {
  const about = {
    ...{ ...event, notificationId: 'n', username: 'ivanov', ...mail('ivanov') },
    ...{ subject: 't1', again: 'again-1', announce: true as const, traceparent },
    reminder: { text: 'overdue', to: 'recipient' as const },
  }
  const customData = { sum: 1 }
  expect(queuedOf(about, { channel: 'email', customData }, content, now)).toEqual({
    ...{ ...event, notificationId: 'n', ...mail('ivanov'), announce: true, traceparent },
    ...{ ...content, customData, queuedAt: now.toISOString(), resend: queued.resend },
  })
})
