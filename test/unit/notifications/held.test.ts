import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { EcosError } from '../../../lib/errors.ts'
import { runDue } from '../../../lib/notifications/due-run.ts'
import { type ReleasePorts, releaseHeld } from '../../../lib/notifications/held.ts'
import { notificationId, parseQueued } from '../../../lib/notifications/notification.ts'
import type { NotificationKey } from '../../../lib/notifications/store.ts'
import type { Action, Subscriber } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { MemoryStore, type Stored } from './in-memory.ts'

const morning = '2026-11-25T09:00:00.000Z'
const now = new Date('2026-11-25T09:00:30Z')

async function setUp() {
  const store = new MemoryStore()
  /** The people who have a subscription to the type now. */
  const people = new Map<string, Subscriber>()
  /** Everything in the channels' queues, by notification; twice where it was queued twice. */
  const queued: ReturnType<typeof parseQueued>[] = []
  const ports = {
    dueNotifications: store,
    notifications: store,
    subjects: store,
    kept: store,
    subscriptions: { find: async () => [...people.values()] },
    deadline: new AbortController().signal,
    fits: () => true,
    async enqueue(_channel: string, messages: readonly { body: string }[]) {
      queued.push(...messages.map(({ body }) => parseQueued(body)))
    },
  }
  /** Holds a notification of the event for a person until the morning. */
  const hold = async (eventId: string, { username = 'ivanov', digest = true } = {}) => {
    const address = `${username}@acme.example`
    people.set(username, { username, actions: [{ channel: 'email', address }] })
    const parts = {
      tenant: 'acme',
      eventType: 'task.assign',
      eventId,
      channel: 'email',
      address,
    } as const
    const id = notificationId({ ...parts, username })
    const content = { title: `About ${eventId}`, text: `<${eventId}>`, html: 'h', locale: 'en' }
    const rest = { customData: {}, queuedAt: '2026-11-24T22:00:00.000Z', resend: 0 }
    await store.keep({ ...parts, notificationId: id, ...content, ...rest })
    const subject = `task-${eventId}`
    await store.add(
      { ...parts, notificationId: id, username, subject },
      { state: 'WAIT_FOR_DISPATCH', heldUntil: morning, digest },
    )
    return id
  }
  return { store, queued, ports, people, hold }
}

describe('held notifications', () => {
  it('wait for their time', async () => {
    const { store, queued, ports, hold } = await setUp()
    await hold('e1', { digest: false })
    expect(await releaseHeld(new Date('2026-11-25T08:59:59Z'), ports)).toBe(0)
    expect(queued).toEqual([])
    expect(store.all[0]?.heldUntil).toBe(morning)
  })

  it('are queued each by itself, their time to live beginning then', async () => {
    const { store, queued, ports, hold } = await setUp()
    const ids = [await hold('e1', { digest: false }), await hold('e2', { digest: false })]
    expect(await releaseHeld(now, ports)).toBe(2)
    expect(queued.map((one) => [one.notificationId, one.queuedAt])).toEqual(
      ids.map((id) => [id, now.toISOString()]),
    )
    expect(store.all.map(({ heldUntil }) => heldUntil)).toEqual([undefined, undefined])
    expect(await releaseHeld(now, ports)).toBe(0)
  })

  it('hold up no other where one can not be released, and it is named', async () => {
    const { store, queued, ports, hold } = await setUp()
    const slow = await hold('e1', { digest: false })
    await hold('e2', { digest: false })
    await hold('e3', { username: 'petrov' })
    await hold('e4', { username: 'sidorov' })
    const kept = {
      keep: ports.kept.keep.bind(store),
      forget: ports.kept.forget.bind(store),
      load: async (key: NotificationKey) => {
        if (key.notificationId === slow)
          throw Object.assign(new Error('S3 is down'), { $metadata: {} })
        return store.load(key)
      },
    }
    await expect(releaseHeld(now, { ...ports, kept })).rejects.toMatchObject({
      code: 'notifications-left',
      message: `1 due notifications failed and stay due, the first ${slow} of the tenant acme: S3 is down`,
    })
    expect(queued.map(({ title }) => title)).toEqual(['About e2', 'About e3', 'About e4'])
    expect(store.notifications.get(slow)?.heldUntil).toBe(morning)
  })

  it.each([
    ['alone', false],
    ['of a digest', true],
  ])('%s fail if their content is lost, and the others go out', async (_, digest) => {
    const { store, queued, ports, hold } = await setUp()
    const lost = await hold('e1', { digest })
    await hold('e2', { digest })
    store.kept.delete(lost)
    expect(await releaseHeld(now, ports)).toBe(2)
    expect(queued.map(({ title }) => title)).toEqual(['About e2'])
    expect(store.notifications.get(lost)).toMatchObject({
      state: 'ERROR',
      reason: 'payload-not-found: was not kept',
    })
    expect(await releaseHeld(now, ports)).toBe(0)
  })

  it('fail if the queue refuses them, and the others go out', async () => {
    const { store, queued, ports, hold } = await setUp()
    const refused = [await hold('e1'), await hold('e2')]
    await hold('e3', { username: 'petrov', digest: false })
    const enqueue: typeof ports.enqueue = async (channel, messages) => {
      if (messages.some(({ body }) => body.includes('ivanov'))) {
        throw new EcosError('queue-refused', 'no')
      }
      await ports.enqueue(channel, messages)
    }
    await releaseHeld(now, { ...ports, enqueue })
    expect(queued.map(({ title }) => title)).toEqual(['About e3'])
    for (const id of refused) {
      expect(store.notifications.get(id)).toMatchObject({
        state: 'ERROR',
        reason: 'queue-refused: no',
      })
    }
    expect(await releaseHeld(now, ports)).toBe(0)
  })

  it('are left to the next run after the deadline', async () => {
    const { queued, ports, hold } = await setUp()
    await hold('e1', { username: 'ivanov' })
    await hold('e2', { username: 'petrov' })
    const dueNotifications = {
      due: (...of: Parameters<typeof ports.dueNotifications.due>) => [
        (async function* () {
          for (const line of ports.dueNotifications.due(...of)) {
            for await (const part of line) for (const one of part) yield [one]
          }
        })(),
      ],
    }
    const cutShort = { ...ports, dueNotifications, deadline: AbortSignal.abort() }
    expect(await releaseHeld(now, cutShort)).toBe(1)
    expect(await releaseHeld(now, cutShort)).toBe(1)
    expect(queued.map(({ title }) => title)).toEqual(['About e1', 'About e2'])
  })

  describe('are looked at again when they are due', () => {
    type Change = Partial<Pick<Subscriber, 'preferences'>> & { actions?: Partial<Action>[] }
    const away = { channel: 'email', address: 'new@acme.example' } as const

    it.each<[string, Change, string]>([
      [
        'whose person has turned the type off',
        { preferences: { timeZone: 'UTC', channels: { 'task.assign': ['telegram'] } } },
        'the person has turned the event type off for this channel',
      ],
      [
        'whose address is switched off',
        { actions: [{ off: { reason: 'HTTP 410', at: morning } }] },
        'the address is switched off: HTTP 410',
      ],
      [
        'whose person is not subscribed any more',
        { actions: [] },
        'the person is no longer subscribed with this address',
      ],
      [
        'whose person keeps only another channel',
        { actions: [{ channel: 'sms', address: '+79161234567' }] },
        'the person is no longer subscribed with this address',
      ],
    ])('one %s is BLOCKED', async (_, change, reason) => {
      const { store, queued, ports, people, hold } = await setUp()
      const id = await hold('e1')
      await hold('e2', { username: 'petrov' })
      const [own] = people.get('ivanov')?.actions ?? []
      const actions = (change.actions ?? [{}]).map((one) => ({ ...own, ...one }) as Action)
      people.set('ivanov', { username: 'ivanov', ...change, actions })
      expect(await releaseHeld(now, ports)).toBe(2)
      expect(queued.map(({ title }) => title)).toEqual(['About e2'])
      expect(store.notifications.get(id)).toMatchObject({ state: 'BLOCKED', reason })
      expect(await releaseHeld(now, ports)).toBe(0)
    })

    it.each([
      ['alone', false, 'About e1'],
      ['in a digest', true, 'Notifications: 2'],
    ])('and go %s to the address that replaced theirs', async (_, digest, title) => {
      const { store, queued, ports, people, hold } = await setUp()
      const ids = [await hold('e1', { digest }), await hold('e2', { digest })]
      people.set('ivanov', { username: 'ivanov', actions: [away] })
      await releaseHeld(now, ports)
      expect(queued[0]).toMatchObject({ title, address: away.address })
      expect(ids.map((id) => store.notifications.get(id)?.address)).toEqual([
        away.address,
        away.address,
      ])
    })

    it.each([
      ['alone', false],
      ['in a digest', true],
    ])(
      'and wait %s for the end of the quiet hours that their person has by then',
      async (_, digest) => {
        const { store, queued, ports, people, hold } = await setUp()
        await hold('e1', { digest })
        await hold('e2', { digest })
        await hold('e3', { digest, username: 'petrov' })
        const quietHours = { from: '22:00', to: '10:00' }
        const until = (to: string, more: object = {}) => {
          const preferences = { timeZone: 'UTC', quietHours: { ...quietHours, to }, ...more }
          people.set('ivanov', { ...(people.get('ivanov') as Subscriber), preferences })
        }
        const wait = () => store.all.map(({ heldUntil }) => heldUntil)
        until('10:00')
        expect(await releaseHeld(now, ports)).toBe(1)
        expect(queued.map(({ title }) => title)).toEqual(['About e3'])
        expect(wait()).toEqual(['2026-11-25T10:00:00.000Z', '2026-11-25T10:00:00.000Z', undefined])
        expect(await releaseHeld(now, ports)).toBe(0)
        // They end as planned at the latest, also where the person has fewer quiet hours by then.
        until('09:00')
        expect(await releaseHeld(new Date('2026-11-25T10:00:01Z'), ports)).toBe(2)
        expect(queued).toHaveLength(digest ? 2 : 3)
        expect(wait()).toEqual([undefined, undefined, undefined])
      },
    )

    it.each([
      ['urgent by now', '09:00:30', { from: '22:00', to: '10:00' }, ['task.assign' as const]],
      [
        'due just before the quiet hours, in a late run',
        '09:02:00',
        { from: '09:01', to: '18:00' },
        [],
      ],
      ['due at their end', '09:00:30', { from: '22:00', to: '09:00' }, []],
    ])('and are sent if they are %s', async (_, time, quietHours, urgent) => {
      const { queued, ports, people, hold } = await setUp()
      await hold('e1', { digest: false })
      const preferences = { timeZone: 'UTC', quietHours, urgent }
      people.set('ivanov', { ...(people.get('ivanov') as Subscriber), preferences })
      expect(await releaseHeld(new Date(`2026-11-25T${time}Z`), ports)).toBe(1)
      expect(queued).toHaveLength(1)
    })

    it('and wait where a run comes hours late, in their quiet hours', async () => {
      const { store, ports, people, hold } = await setUp()
      await hold('e1', { digest: false })
      const preferences = { timeZone: 'UTC', quietHours: { from: '22:00', to: '08:00' } }
      people.set('ivanov', { ...(people.get('ivanov') as Subscriber), preferences })
      expect(await releaseHeld(new Date('2026-11-25T23:00:00Z'), ports)).toBe(0)
      expect(store.all[0]?.heldUntil).toBe('2026-11-26T08:00:00.000Z')
    })

    it.each<[string, Partial<Subscriber>, RegExp]>([
      ['preferences', { preferencesFault: 'they do not fit' }, /^invalid-preferences: they do/],
      [
        'time zone',
        { preferences: { timeZone: 'IST', quietHours: { from: '22:00', to: '08:00' } } },
        /^invalid-preferences: .*IST/,
      ],
      [
        'action',
        { actions: [], broken: [{ channel: 'email', address: 'action 1', fault: 'it is broken' }] },
        /^invalid-subscription: it is broken/,
      ],
    ])('and are ERROR where the %s can not be followed any more', async (_, change, reason) => {
      const { store, queued, ports, people, hold } = await setUp()
      const id = await hold('e1')
      await hold('e2', { username: 'petrov' })
      people.set('ivanov', { ...(people.get('ivanov') as Subscriber), ...change })
      expect(await releaseHeld(now, ports)).toBe(2)
      expect(queued.map(({ title }) => title)).toEqual(['About e2'])
      expect(store.notifications.get(id)).toMatchObject({
        state: 'ERROR',
        reason: expect.stringMatching(reason),
      })
    })

    it('by the tenant’s rule too, whose address is a template, and none that fails', async () => {
      const { queued, ports, people, hold } = await setUp()
      await hold('e1')
      const actions = ['{{ username | nothing }}', '{{ username }}@acme.example'].map((address) => {
        return { channel: 'email' as const, address }
      })
      people.set('ivanov', { username: 'ivanov', byRule: true, actions })
      await releaseHeld(now, ports)
      expect(queued).toMatchObject([{ title: 'About e1', address: 'ivanov@acme.example' }])
    })

    it('but not to an address of the rule that is gone for the person', async () => {
      const { store, queued, ports, people, hold } = await setUp()
      const id = await hold('e1')
      const actions = [{ channel: 'email' as const, address: '{{ username }}@acme.example' }]
      const off = { reason: 'SMTP 5.1.1', at: '2026-11-24T23:00:00Z' }
      const gone = { 'email ivanov@acme.example': off }
      people.set('ivanov', { username: 'ivanov', byRule: true, actions, gone })
      await releaseHeld(now, ports)
      expect(queued).toEqual([])
      expect(store.notifications.get(id)).toMatchObject({
        state: 'BLOCKED',
        reason: 'the address is switched off: SMTP 5.1.1',
      })
    })

    it('but not to another address that the event has notified already', async () => {
      const { store, queued, ports, people, hold } = await setUp()
      const id = await hold('e1')
      const { digest: _, heldUntil: __, ...record } = store.notifications.get(id) as Stored
      const other = { ...record, address: away.address }
      await store.add({ ...other, notificationId: notificationId(other) }, { state: 'SENT' })
      people.set('ivanov', { username: 'ivanov', actions: [away] })
      await releaseHeld(now, ports)
      expect(queued).toEqual([])
      expect(store.notifications.get(id)?.state).toBe('BLOCKED')
    })
  })

  it('are counted, however many lines they come in', async () => {
    const { ports, hold } = await setUp()
    const usernames = ['ivanov', 'petrov', 'sidorov']
    for (const username of usernames) await hold('e1', { username })
    const { due } = ports.dueNotifications
    const lineOf = async function* (of: Parameters<typeof due>, username: string) {
      for (const line of ports.dueNotifications.due(...of)) {
        for await (const part of line) yield part.filter((one) => one.username === username)
      }
    }
    const dueNotifications = {
      due: (...of: Parameters<typeof due>) => usernames.map((username) => lineOf(of, username)),
    }
    expect(await releaseHeld(now, { ...ports, dueNotifications })).toBe(3)
  })

  it('come in as many parts as there are, and the failure of a line ends the run after the others', async () => {
    const { store, ports, queued, hold } = await setUp()
    for (const eventId of ['e1', 'e2', 'e3']) await hold(eventId, { digest: false })
    const due = (...of: Parameters<typeof store.due>) => {
      const broken = async function* (): AsyncGenerator<Stored[]> {
        yield []
        throw new Error('no index')
      }
      const oneByOne = async function* () {
        for (const line of store.due(...of)) {
          for await (const part of line) for (const one of part) yield [one]
        }
      }
      return [broken(), oneByOne()]
    }
    const dueNotifications = { due }
    await expect(releaseHeld(now, { ...ports, dueNotifications })).rejects.toThrow('no index')
    expect(queued).toHaveLength(3)
  })

  it('that the index still lists, though they are released, are left alone', async () => {
    const { store, ports, queued, hold } = await setUp()
    await hold('e1', { digest: false })
    const due = (...of: Parameters<typeof store.due>) => [
      (async function* () {
        for (const line of store.due(...of)) {
          for await (const part of line) yield part.map(({ heldUntil: _, ...one }) => one)
        }
      })(),
    ]
    expect(await releaseHeld(now, { ...ports, dueNotifications: { due } })).toBe(0)
    expect(queued).toEqual([])
  })

  it('that have come to an end are held no more, and nothing else is written of them', async () => {
    const { store, ports, queued, hold } = await setUp()
    const id = await hold('e1', { digest: false })
    const ended = store.notifications.get(id) as Stored
    Object.assign(ended, { state: 'ERROR', reason: 'x', eventType: 'task.reminder' })
    const told: unknown[] = []
    const onReleased = (_: unknown, outcome: string) => void told.push(outcome)
    expect(await releaseHeld(now, { ...ports, onReleased })).toBe(1)
    expect(ended).toMatchObject({ state: 'ERROR', reason: 'x' })
    expect(ended.heldUntil).toBeUndefined()
    expect(store.kept.has(id)).toBe(true)
    Object.assign(ended, { state: 'CANCELLED', heldUntil: morning })
    expect(await releaseHeld(now, { ...ports, onReleased })).toBe(1)
    expect(store.kept.has(id)).toBe(false)
    expect([queued, told]).toEqual([[], ['over', 'over']])
  })

  it('whose release is not on record are due again, and not told of', async () => {
    const { store, ports, queued, hold } = await setUp()
    const ids = [await hold('e1', { digest: false }), await hold('e2', { digest: false })]
    const told: string[] = []
    const onReleased = (of: NotificationKey) => void told.push(of.notificationId)
    const notifications = Object.assign(Object.create(store), {
      releaseAll: async (all: readonly object[]) => all.map((_, at) => at === 1),
    })
    expect(await releaseHeld(now, { ...ports, notifications, onReleased })).toBe(1)
    expect(queued).toHaveLength(2)
    expect(told).toEqual([ids[1]])
  })

  it('that are due before the run ends are waited for, and later ones are not', async () => {
    const { queued, ports, hold } = await setUp()
    let time = Date.parse('2026-11-25T08:59:30Z')
    const waits: number[] = []
    const run = {
      ...ports,
      putOnBus: async () => undefined,
      now: () => new Date(time),
      pause: async (milliseconds: number) => {
        waits.push(milliseconds)
        time += milliseconds
      },
    }
    await hold('e1')
    expect(await runDue(new Date('2026-11-25T08:59:59Z'), run)).toEqual({
      released: 0,
      announced: 0,
    })
    expect(waits).toEqual([])
    expect(await runDue(new Date('2026-11-25T09:00:15Z'), run)).toEqual({
      released: 1,
      announced: 0,
    })
    expect(waits).toEqual([30_000])
    expect(queued).toHaveLength(1)
  })

  it('of one person go out as one digest, and say which', async () => {
    const { store, queued, ports, hold } = await setUp()
    await hold('e1')
    await hold('e2')
    const other = await hold('e3', { username: 'petrov' })
    await releaseHeld(now, ports)
    expect(queued.map(({ title }) => title).sort()).toEqual(['About e3', 'Notifications: 2'])
    const digest = queued.find(({ title }) => title === 'Notifications: 2')
    expect(digest).toMatchObject({ address: 'ivanov@acme.example', locale: 'en' })
    expect(digest?.text).toBe('About e1\n<e1>\n\nAbout e2\n<e2>\n')
    expect(digest?.html).toContain('&lt;e1&gt;')
    expect(digest?.html).not.toContain('<e1>')
    const ofDigest = store.all.filter(({ digestId }) => digestId === digest?.notificationId)
    expect(ofDigest.map(({ eventId }) => eventId)).toEqual(['e1', 'e2'])
    // One alone keeps its content.
    const alone = queued.find(({ title }) => title === 'About e3')
    expect(alone).toMatchObject({ text: '<e3>', html: 'h', eventType: 'notification.digest' })
    expect(store.notifications.get(other)?.digestId).toBe(alone?.notificationId)
  })

  it('that come after their digest was made go out as well, once', async () => {
    const { queued, ports, hold } = await setUp()
    await hold('e1')
    await hold('e2')
    await releaseHeld(now, ports)
    await hold('e3')
    await releaseHeld(now, ports)
    await releaseHeld(now, ports)
    expect(queued.map(({ title }) => title)).toEqual(['Notifications: 2', 'About e3'])
    expect(new Set(queued.map(({ notificationId }) => notificationId)).size).toBe(2)
  })

  it('are not sent about what is over by then', async () => {
    const { store, queued, ports, hold } = await setUp()
    const id = await hold('e1')
    await hold('e2')
    await store.close(
      { tenant: 'acme', eventType: 'task.complete', eventId: 'x' },
      { id: 'task-e1' },
    )
    await releaseHeld(now, ports)
    expect(queued.map(({ title }) => title)).toEqual(['About e2'])
    expect(store.notifications.get(id)?.state).toBe('CANCELLED')
  })

  it('are told of one by one, with what became of them and their digest', async () => {
    const { store, queued, ports, hold } = await setUp()
    const [over, ...together] = [await hold('e1'), await hold('e2'), await hold('e3')]
    const alone = await hold('e4', { digest: false })
    await store.close(
      { tenant: 'acme', eventType: 'task.complete', eventId: 'x' },
      { id: 'task-e1' },
    )
    const told = new Map<string, unknown[]>()
    const onReleased: ReleasePorts['onReleased'] = ({ notificationId: id }, ...of) =>
      void told.set(id, of)
    await releaseHeld(now, { ...ports, onReleased })
    const digest = queued.find(({ title }) => title === 'Notifications: 2')?.notificationId
    expect(told).toEqual(
      new Map<string | undefined, unknown[]>([
        [over, ['over']],
        [alone, ['queued']],
        ...together.map((id): [string, unknown[]] => [id, ['in-digest', digest]]),
      ]),
    )
  })

  it('come out once each, wherever the function is killed and run again', async () => {
    const people = fc.array(fc.constantFrom('ivanov', 'petrov'), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(people, fc.nat(30), async (usernames, calls) => {
        const { store, queued, ports, hold } = await setUp()
        for (const [at, username] of usernames.entries()) await hold(`e${at}`, { username })
        let left = calls
        const killing = <T extends object>(port: T): T =>
          new Proxy(port, {
            get(target, name) {
              const member = Reflect.get(target, name)
              if (typeof member !== 'function' || name === 'due') {
                return typeof member === 'function' ? member.bind(target) : member
              }
              return (...args: unknown[]) => {
                if (left-- <= 0) throw new Error('killed')
                return member.apply(target, args)
              }
            },
          })
        const dying = {
          ...ports,
          notifications: killing(store),
          kept: killing(store),
          enqueue: killing({ enqueue: ports.enqueue }).enqueue,
        }
        await releaseHeld(now, dying).catch(() => undefined)
        await releaseHeld(now, ports)
        // The sender drops what it has sent before: each counts once, however often it is queued.
        const sent = new Map(queued.map((one) => [one.notificationId, one]))
        const told = [...sent.values()].flatMap(({ text }) => text.match(/<e\d>/g) ?? [])
        expect(told.sort()).toEqual(usernames.map((_, at) => `<e${at}>`))
        expect(store.all.filter(({ heldUntil }) => heldUntil !== undefined)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('are each told of once, and each digest tells of its own members, while two runs go on at once', async () => {
    const early = fc.array(fc.constantFrom('ivanov', 'petrov'), { minLength: 1, maxLength: 5 })
    const late = fc.array(fc.constantFrom('ivanov', 'petrov'), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(early, late, fc.scheduler(), async (first, then, scheduler) => {
        const { store, queued, ports, hold } = await setUp()
        const interleaved = <T extends object>(port: T): T =>
          new Proxy(port, {
            get(target, name) {
              const member = Reflect.get(target, name)
              if (typeof member !== 'function') return member
              if (name === 'due') return dueLater
              return scheduler.scheduleFunction(member.bind(target))
            },
          })
        const dueLater = (...of: Parameters<typeof store.due>) => {
          const line = async function* () {
            await scheduler.schedule(Promise.resolve(), 'due')
            for (const one of store.due(...of)) yield* one
          }
          return [line()]
        }
        const scheduled = interleaved(store)
        const { enqueue } = interleaved({ enqueue: ports.enqueue })
        const slow = {
          ...ports,
          dueNotifications: scheduled,
          notifications: scheduled,
          kept: scheduled,
          enqueue,
        }
        for (const [at, username] of first.entries()) await hold(`e${at}`, { username })
        const holding = scheduler.scheduleSequence(
          then.map((username, at) => async () => void (await hold(`e${5 + at}`, { username }))),
        )
        const runs = [releaseHeld(now, slow), releaseHeld(now, slow)]
        await scheduler.waitFor(Promise.all([...runs, holding.task]))
        await releaseHeld(now, ports)

        // The sender delivers the first message of each notification and drops the others.
        const sent = new Map([...queued].reverse().map((one) => [one.notificationId, one]))
        const toldIn = ({ text }: { text: string }) => (text.match(/<e\d>/g) ?? []).sort()
        const all = [...first.keys(), ...then.map((_, at) => 5 + at)].map((at) => `<e${at}>`)
        expect([...sent.values()].flatMap(toldIn).sort()).toEqual(all.sort())
        for (const record of store.all.filter(({ members }) => members !== undefined)) {
          const content = sent.get(record.notificationId)
          const members = record.members?.map(({ eventId }) => `<${eventId}>`).sort()
          expect(content && toldIn(content)).toEqual(members)
        }
      }),
      { numRuns: 200 },
    )
  })
})
