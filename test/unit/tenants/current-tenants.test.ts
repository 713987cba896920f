import { afterEach, describe, expect, it, jest } from '@jest/globals'
import {
  createCurrentTenants,
  type ReadTenants,
  type VersionedTenants,
} from '../../../lib/tenants/current-tenants.ts'
import { silentLog } from '../../support/memory.ts'

const version = (name: string, ...ids: string[]): VersionedTenants => ({
  version: name,
  tenants: ids.map((id) => ({ id, events: [], locale: 'ru', cell: 'main' })),
  leaving: [],
})

/** A source that answers as the test says, and a clock that it moves. */
function setUp(fallback?: VersionedTenants) {
  const lines: unknown[] = []
  const note = (...line: unknown[]) => void lines.push(line)
  const source = { answer: version('1', 'a'), down: false, reads: 0, time: 0, unreadable: 0 }
  const read: ReadTenants = async (known) => {
    source.reads += 1
    if (source.down) throw new Error('no table')
    return source.answer.version === known ? 'unchanged' : source.answer
  }
  const tenants = createCurrentTenants({
    read,
    ...(fallback && { fallback: () => fallback }),
    log: { debug: note, info: note, warn: note, error: note },
    onUnreadable: () => {
      source.unreadable += 1
    },
    now: () => source.time,
  })
  const ids = async () => (await tenants.get()).tenants.map(({ id }) => id)
  return { source, tenants, ids, lines }
}

afterEach(() => void jest.useRealTimers())

describe('createCurrentTenants', () => {
  it('reads once in 30 s, however many ask', async () => {
    const { source, ids } = setUp()
    await Promise.all([ids(), ids(), ids()])
    source.answer = version('2', 'a', 'b')
    source.time = 29_999
    expect(await ids()).toEqual(['a'])
    expect(source.reads).toBe(1)
    source.time = 30_000
    expect(await ids()).toEqual(['a', 'b'])
    source.time = 59_999
    await ids()
    expect(source.reads).toBe(2)
  })

  it('keeps the last good ones while they can not be read, and says so', async () => {
    const { source, tenants, ids } = setUp()
    await ids()
    source.down = true
    for (const time of [30_000, 60_000]) {
      source.time = time
      expect(await ids()).toEqual(['a'])
    }
    expect(tenants.problem()).toEqual({ since: expect.any(String), problem: 'no table' })
    expect(source.unreadable).toBe(2)
    source.down = false
    source.answer = version('2', 'b')
    source.time = 90_000
    expect(await ids()).toEqual(['b'])
    expect(tenants.problem()).toBeUndefined()
  })

  it('starts with the fallback where nothing can be read, and looks again after 30 s', async () => {
    const { source, ids } = setUp(version('packaged', 'p'))
    source.down = true
    expect(await ids()).toEqual(['p'])
    source.down = false
    source.time = 30_000
    expect(await ids()).toEqual(['a'])
  })

  it('keeps the last good ones, and not those to start with, once it has read any', async () => {
    const { source, tenants, ids } = setUp(version('packaged', 'p'))
    expect(await ids()).toEqual(['a'])
    source.down = true
    source.time = 30_000
    expect(await ids()).toEqual(['a'])
    source.down = false
    source.time = 60_000
    // The source has nothing new: the version that was kept is known to it.
    expect(await ids()).toEqual(['a'])
    expect(tenants.problem()).toBeUndefined()
  })

  it('keeps those to start with, and when the trouble began, through a second failure', async () => {
    const { source, tenants, ids } = setUp(version('packaged', 'p'))
    source.down = true
    await ids()
    const since = tenants.problem()?.since
    source.time = 30_000
    expect(await ids()).toEqual(['p'])
    expect(tenants.problem()).toEqual({ since, problem: 'no table' })
  })

  it('logs a change of the tenants, and the beginning and the end of trouble, each once', async () => {
    const { source, ids, lines } = setUp()
    const leaving = version('', 'gone').tenants
    await ids()
    source.answer = { ...version('2', 'b', 'c'), leaving }
    for (const [time, down] of [30, 60, 90, 120, 150].map((s) => [s * 1_000, s === 90] as const)) {
      Object.assign(source, { time, down })
      await ids()
    }
    expect(lines).toEqual([
      ['The tenants have changed', { version: '2', tenants: 2, leaving: ['gone'] }],
      [
        'The tenants could not be read; the last good ones are kept',
        { error: new Error('no table'), version: '2' },
      ],
      ['The tenants can be read again', { since: expect.any(String) }],
    ])
  })

  it('needs neither a clock nor anybody who listens', async () => {
    jest.useFakeTimers()
    let reads = 0
    const read = async () => {
      reads += 1
      return version('1', 'a')
    }
    const tenants = createCurrentTenants({ read, log: silentLog })
    expect(await tenants.get()).toBe(await tenants.get())
    expect(reads).toBe(1)
    jest.advanceTimersByTime(30_000)
    await tenants.get()
    expect(reads).toBe(2)
    const none = createCurrentTenants({
      read: async () => Promise.reject(new Error('no table')),
      fallback: () => version('packaged', 'p'),
      log: silentLog,
    })
    expect(await none.get()).toMatchObject({ version: 'packaged' })
  })

  it('fails without a fallback, and tries again at once', async () => {
    const { source, ids } = setUp()
    source.down = true
    await expect(ids()).rejects.toThrow('no table')
    source.down = false
    expect(await ids()).toEqual(['a'])
  })
})
