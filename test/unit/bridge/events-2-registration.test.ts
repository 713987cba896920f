import { describe, expect, it } from '@jest/globals'
import {
  createEvents2Registration,
  type Events2RegistrationOptions,
} from '../../../lib/bridge/events-2-registration.ts'
import { followRegistration } from '../../../lib/bridge/follow-registration.ts'
import { events2Topology, topologyOf } from '../../../lib/bridge/topology.ts'
import type { Log } from '../../../lib/log.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'
import type { Session } from '../../../lib/zookeeper/connection.ts'
import type { ZooKeeper } from '../../../lib/zookeeper/zookeeper.ts'
import { listeningLog } from '../../support/listening-log.ts'
import { silentLog } from '../../support/memory.ts'

it('leaves no connection behind where it is not known what is wanted', async () => {
  const happened: string[] = []
  const log: Log = { ...silentLog, error: (message) => void happened.push(String(message)) }
  const registration = createEvents2Registration({
    tenants: [
      {
        ...{ id: 'acme', events: [], locale: 'ru', cell: 'main' },
        events2: { target: 'bridge', interests: {}, only: true },
      },
    ],
    servers: 'zookeeper:2181',
    log,
    async connect() {
      happened.push('connected')
      const close = async () => void happened.push('closed')
      return { close } as Partial<ZooKeeper> as ZooKeeper
    },
    interestsOf: () => Promise.reject(new Error('test')),
  })
  registration.onDeclared({ wire: '2.0' })
  await registration.once()
  const open = happened.filter((what) => what === 'connected').length
  expect(happened.filter((what) => what === 'closed')).toHaveLength(open)
  expect(happened).toContain('The registration for events 2.0 failed and may be out of date')
})

const plain: Tenant = { id: 'globex', events: ['task.create'], locale: 'ru', cell: 'main' }
const acme: Tenant = {
  ...plain,
  id: 'acme',
  events2: {
    target: 'bridge',
    interests: { 'record-created': { attributes: ['?str'] } },
    only: true,
  },
}
const node = '/ecos/events/record-created/bridge'

/** A ZooKeeper without nodes that tells what it was asked, and options of a registration there. */
function setUp(over: Partial<Events2RegistrationOptions> = {}) {
  const happened: string[] = []
  const sessions: (Session | undefined)[] = []
  const lost = new AbortController()
  const zooKeeper: Partial<ZooKeeper> = {
    session: { id: 7n, password: new Uint8Array(), timeout: 1 },
    lost: lost.signal,
    getData: async () => undefined,
    getChildren: async () => [],
    create: async (path) => void happened.push(`create ${path}`),
    close: async () => void happened.push('close'),
  }
  const { log, lines } = listeningLog()
  const options: Events2RegistrationOptions = {
    tenants: [plain, acme],
    servers: 'zookeeper:2181',
    log,
    async connect(servers, session) {
      happened.push(`connect to ${servers}`)
      sessions.push(session)
      return zooKeeper as ZooKeeper
    },
    ...over,
  }
  return { options, happened, lines, sessions }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a registration for events 2.0', () => {
  it('needs the servers where a tenant speaks them, and nothing where none does', async () => {
    const { options, happened } = setUp({ servers: undefined })
    expect(() => createEvents2Registration(options)).toThrow(
      expect.objectContaining({
        code: 'missing-variable',
        message: expect.stringMatching(/ZOOKEEPER_SERVERS .*acme/),
      }),
    )
    const none = createEvents2Registration({ ...options, tenants: [plain] })
    none.onDeclared({ wire: '2.0' })
    await none.once()
    await none.keep(new AbortController().signal)
    expect(happened).toEqual([])
  })

  it('is made once the queue of that wire is declared', async () => {
    const { options, happened, lines } = setUp()
    const registration = createEvents2Registration(options)
    await registration.once()
    registration.onDeclared({ wire: '1.0' })
    await registration.once()
    expect(happened).toEqual([])
    registration.onDeclared({ wire: '2.0' })
    await registration.once()
    expect(happened).toEqual(['connect to zookeeper:2181', `create ${node}`, 'close'])
    expect(lines).toEqual([])
  })

  it('names what else is wanted', async () => {
    const interestsOf = async (tenant: string) => ({
      [tenant === 'acme' ? 'record-deleted' : 'other']: { attributes: [] },
    })
    const { options, happened } = setUp({ interestsOf })
    const registration = createEvents2Registration(options)
    registration.onDeclared({ wire: '2.0' })
    await registration.once()
    expect(happened).toContain('create /ecos/events/record-deleted/bridge')
    expect(happened).toContain(`create ${node}`)
  })

  it('says which one failed', async () => {
    const error = new Error('no server answers')
    const { options, lines } = setUp({ connect: () => Promise.reject(error) })
    const registration = createEvents2Registration(options)
    registration.onDeclared({ wire: '2.0' })
    await registration.once()
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['error', { tenant: 'acme', target: 'bridge', error }],
    ])
  })

  it('is kept from the declaration on, and stays when it is over', async () => {
    const { options, happened, lines, sessions } = setUp()
    const registration = createEvents2Registration(options)
    const stop = new AbortController()
    const keeping = registration.keep(stop.signal)
    await turn()
    expect(happened).toEqual([])
    registration.onDeclared({ wire: '2.0' })
    await turn()
    expect(happened).toEqual(['connect to zookeeper:2181', `create ${node}`])
    expect(sessions).toEqual([undefined])
    expect(lines.map(({ fields }) => fields)).toEqual([
      { tenant: 'acme', target: 'bridge', written: 1, deleted: 0 },
    ])
    stop.abort()
    await keeping
    expect(happened.slice(2)).toEqual(['close'])
  })

  it('is not kept if it is over before the declaration', async () => {
    const { options, happened } = setUp()
    const stop = new AbortController()
    const keeping = createEvents2Registration(options).keep(stop.signal)
    stop.abort()
    await keeping
    expect(happened).toEqual([])
  })
})

describe('a registration that follows the tenants', () => {
  const tenantsOf = (...tenants: Tenant[]) => ({ tenants, leaving: [] })

  /** A registration that is kept, and looks at the tenants when it is told. */
  function follow(
    first: ReturnType<typeof tenantsOf>,
    over: Partial<Events2RegistrationOptions> = {},
  ) {
    const stack = setUp(over)
    let tenants = first
    let look: () => void = () => undefined
    const nextLook = () =>
      new Promise<void>((resolve) => {
        look = resolve
      })
    const followed = followRegistration({ ...stack.options, tenants: () => tenants }, nextLook)
    const stop = new AbortController()
    const keeping = followed.keep(stop.signal)
    return {
      ...stack,
      followed,
      /** @returns what happened since */
      async look(next = tenants) {
        tenants = next
        const before = stack.happened.length
        look()
        await turn()
        await turn()
        return stack.happened.slice(before)
      },
      async stop() {
        stop.abort()
        look()
        await keeping
      },
    }
  }
  const registered = ['connect to zookeeper:2181', `create ${node}`]
  const withTarget = (target: string): Tenant => ({
    ...acme,
    events2: { target, interests: acme.events2?.interests ?? {}, only: true },
  })

  it('is made for the tenant of the start once its queue is declared', async () => {
    const { followed, happened, stop } = follow(tenantsOf(plain, acme))
    followed.onDeclared(topologyOf(plain))
    await turn()
    expect(happened).toEqual([])
    followed.onDeclared(events2Topology('acme', 'bridge'))
    await turn()
    expect(happened).toEqual(registered)
    await stop()
    expect(happened.slice(2)).toEqual(['close'])
  })

  it('is left alone while the tenant has the same settings, whatever others have', async () => {
    const { followed, look, stop } = follow(tenantsOf(plain, acme))
    followed.onDeclared(events2Topology('acme', 'bridge'))
    expect(await look()).toEqual(registered)
    expect(await look(tenantsOf({ ...plain, locale: 'en' }, { ...acme }))).toEqual([])
    await stop()
  })

  it('ends with the settings, and is made by the new ones once their queue is declared', async () => {
    const { followed, look, stop, happened } = follow(tenantsOf(acme))
    followed.onDeclared(events2Topology('acme', 'bridge'))
    expect(await look()).toEqual(registered)
    expect(await look(tenantsOf(withTarget('other.one')))).toEqual(['close'])
    expect(await look()).toEqual([])
    followed.onDeclared(events2Topology('acme', 'other.one'))
    const other = '/ecos/events/record-created/other_u002E_one'
    expect(await look()).toEqual(['connect to zookeeper:2181', `create ${other}`])
    // Both queues are known to be declared.
    expect((await look(tenantsOf(acme))).toSorted()).toEqual(['close', ...registered].toSorted())
    const again = await look(tenantsOf(withTarget('other.one')))
    expect(again).toContain(`create ${other}`)
    await stop()
    expect(happened.at(-1)).toBe('close')
  })

  it('follows to another tenant, and to none', async () => {
    const { followed, look, stop, lines } = follow(tenantsOf(acme))
    followed.onDeclared(events2Topology('acme', 'bridge'))
    await look()
    await look(tenantsOf({ ...acme, id: 'initech' }))
    expect(lines.map(({ fields }) => fields['tenant'])).toEqual(['acme', 'initech'])
    expect(await look(tenantsOf(plain))).toEqual(['close'])
    await stop()
  })

  it('stays where two tenants speak events 2.0, and says so', async () => {
    const { followed, look, stop, lines, happened } = follow(tenantsOf(acme))
    followed.onDeclared(events2Topology('acme', 'bridge'))
    expect(await look(tenantsOf(acme, { ...acme, id: 'initech' }))).toEqual(registered)
    await look()
    expect(lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toEqual([
      { reason: expect.stringContaining('initech') },
    ])
    expect(await look(tenantsOf(acme))).toEqual([])
    await stop()
    expect(happened.at(-1)).toBe('close')
  })

  it('is of no tenant where none speaks events 2.0, and needs no servers', async () => {
    const { followed, happened, stop } = follow(tenantsOf(plain), { servers: undefined })
    followed.onDeclared(topologyOf(plain))
    await stop()
    expect(happened).toEqual([])
    expect(() => follow(tenantsOf(acme, { ...acme, id: 'initech' }))).toThrow(
      expect.objectContaining({ code: 'several-events-2' }),
    )
  })
})
