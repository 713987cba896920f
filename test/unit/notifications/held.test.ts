import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type ReleasePorts, releaseHeld } from '../../../lib/notifications/held.ts'
import { notificationId, parseQueued } from '../../../lib/notifications/notification.ts'
import { MemoryStore } from './in-memory.ts'

const morning = '2026-11-25T09:00:00.000Z'
const now = new Date('2026-11-25T09:00:30Z')

async function setUp() {
  const store = new MemoryStore()
  /** Everything in the channels' queues, by notification; twice where it was queued twice. */
  const queued: ReturnType<typeof parseQueued>[] = []
  const ports = {
    dueNotifications: store,
    notifications: store,
    subjects: store,
    kept: store,
    async enqueue(_channel: string, messages: readonly { body: string }[]) {
      queued.push(...messages.map(({ body }) => parseQueued(body)))
    },
  }
  /** Holds a notification of the event for a person until the morning. */
  const hold = async (eventId: string, { username = 'ivanov', digest = true } = {}) => {
    const address = `${username}@acme.example`
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
  return { store, queued, ports, hold }
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
    const lost = await hold('e1', { digest: false })
    await hold('e2', { digest: false })
    await hold('e3', { username: 'petrov' })
    await hold('e4', { username: 'sidorov' })
    store.kept.delete(lost)
    await expect(releaseHeld(now, ports)).rejects.toMatchObject({
      code: 'notifications-left',
      message: `1 due notifications failed and stay due, the first ${lost} of the tenant acme: was not kept`,
    })
    expect(queued.map(({ title }) => title)).toEqual(['About e2', 'About e3', 'About e4'])
    expect(store.notifications.get(lost)?.heldUntil).toBe(morning)
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
    expect(store.notifications.get(other)?.digestId).toBeUndefined()
  })

  it('that come after their digest was made go out as well, once', async () => {
    const { queued, ports, hold } = await setUp()
    await hold('e1')
    await hold('e2')
    await releaseHeld(now, ports)
    await hold('e3')
    await releaseHeld(now, ports)
    await releaseHeld(now, ports)
    expect(queued.map(({ title }) => title)).toEqual([
      'Notifications: 2',
      'Notifications: 2',
      'About e3',
    ])
    expect(new Set(queued.map(({ notificationId }) => notificationId)).size).toBe(2)
  })

  it('are not sent about what is over by then', async () => {
    const { store, queued, ports, hold } = await setUp()
    const id = await hold('e1')
    await hold('e2')
    await store.close({ tenant: 'acme', eventType: 'task.complete', eventId: 'x' }, 'task-e1')
    await releaseHeld(now, ports)
    expect(queued.map(({ title }) => title)).toEqual(['About e2'])
    expect(store.notifications.get(id)?.state).toBe('CANCELLED')
  })

  it('are told of one by one, with what became of them and their digest', async () => {
    const { store, queued, ports, hold } = await setUp()
    const [over, ...together] = [await hold('e1'), await hold('e2'), await hold('e3')]
    const alone = await hold('e4', { digest: false })
    await store.close({ tenant: 'acme', eventType: 'task.complete', eventId: 'x' }, 'task-e1')
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
})
