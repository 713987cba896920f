import { describe, expect, it } from '@jest/globals'
import { createCurrentTenants, type ReadTenants } from '../../../lib/tenants/current-tenants.ts'
import { silentLog } from '../../support/memory.ts'

const version = (name: string, ...ids: string[]) => ({
  version: name,
  tenants: ids.map((id) => ({ id, events: [], locale: 'ru', cell: 'main' })),
  leaving: [],
})

/** A source that answers as the test says, and a clock that it moves. */
function setUp(fallback?: ReturnType<typeof version>) {
  const source = { answer: version('1', 'a'), down: false, reads: 0, time: 0, unreadable: 0 }
  const read: ReadTenants = async (known) => {
    source.reads += 1
    if (source.down) throw new Error('no table')
    return source.answer.version === known ? 'unchanged' : source.answer
  }
  const tenants = createCurrentTenants({
    read,
    ...(fallback && { fallback: () => fallback }),
    log: silentLog,
    onUnreadable: () => {
      source.unreadable += 1
    },
    now: () => source.time,
  })
  const ids = async () => (await tenants.get()).tenants.map(({ id }) => id)
  return { source, tenants, ids }
}

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

  it('fails without a fallback, and tries again at once', async () => {
    const { source, ids } = setUp()
    source.down = true
    await expect(ids()).rejects.toThrow('no table')
    source.down = false
    expect(await ids()).toEqual(['a'])
  })
})
