import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import type { Topology } from '../../../../lib/bridge/topology.ts'
import { EcosError } from '../../../../lib/errors.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { createWays } = await import('../../../../lib/bridge/worker/ways.ts')
const { createStatus } = await import('../../../../lib/bridge/worker/status.ts')

beforeEach(() => {
  jest.useFakeTimers()
  // The longest of each wait.
  jest.spyOn(Math, 'random').mockReturnValue(1)
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

/**
 * Ways into a pool of which some fail so many times; an exclamation mark stands before one that fails.
 *
 * @param again what the first try waits for that does not fail, of those that did
 */
function start(
  tenants: readonly string[],
  failures: Record<string, number> = {},
  again: Promise<void> = Promise.resolve(),
) {
  const happened: string[] = []
  const status = createStatus()
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const end = new AbortController()
  const act =
    (verb: string) =>
    async (_: Broker, { tenant }: Topology) => {
      const left = failures[tenant] ?? 0
      if (tenant in failures) failures[tenant] = left - 1
      happened.push(`${left > 0 ? '!' : ''}${verb} ${tenant}`)
      if (left > 0) throw new EcosError('not-declared', `no way for ${tenant}`)
      if (tenant in failures && left === 0) await again
      return tenant.length
    }
  const ways = createWays({
    broker: {} as Broker,
    declare: act('declare'),
    letGo: act('release'),
    onDeclared: ({ tenant }) => void happened.push(`told ${tenant}`),
    over: end.signal,
    status,
    log,
  })
  const topologies = tenants.map((tenant) => ({ tenant }) as Topology)
  const queue = { name: 'cell.main.p01', topologies } as Partial<BridgeQueue> as BridgeQueue
  const declare = (leaving: readonly string[] = []) => {
    const isLeaving = ({ tenant }: Topology) => leaving.includes(tenant)
    return ways.declareWays({ queue, isLeaving }, end.signal)
  }
  return { ways, queue, declare, happened, status, log, end }
}

describe('the ways of tenants into their queue', () => {
  it('are declared, which is told, and those of removed tenants are let go', async () => {
    const { declare, happened, log } = start(['acme', 'beta'])
    await declare(['beta'])
    expect(happened.toSorted()).toEqual(['declare acme', 'release beta', 'told acme'])
    expect(log.error).not.toHaveBeenCalled()
  })

  it('fail with the last error where there is none', async () => {
    const { declare, happened } = start(['acme', 'beta'], { acme: 9, beta: 9 })
    await expect(declare()).rejects.toThrow('no way for beta')
    await jest.advanceTimersByTimeAsync(10_000)
    // Nobody tries them again: the caller does.
    expect(happened).toEqual(['!declare acme', '!declare beta'])
  })

  it('are tried again where some fail, ever more seldom, and are a problem of the tenant meanwhile', async () => {
    const { declare, happened, status, log } = start(['acme', 'beta'], { beta: 4 })
    await declare()
    await jest.advanceTimersByTimeAsync(0)
    expect(status.problems).toEqual({ beta: 'no way for beta' })
    expect(log.error).toHaveBeenCalledWith(
      "A tenant's exchange is not bound to its pool",
      expect.objectContaining({ tenant: 'beta', error: expect.any(EcosError) }),
    )
    const tries = () => happened.filter((each) => each.endsWith('declare beta')).length
    expect(tries()).toBe(2)
    await jest.advanceTimersByTimeAsync(1_000)
    expect(tries()).toBe(3)
    await jest.advanceTimersByTimeAsync(1_999)
    expect(tries()).toBe(3)
    await jest.advanceTimersByTimeAsync(1)
    expect([tries(), happened.includes('told beta')]).toEqual([4, false])
    await jest.advanceTimersByTimeAsync(4_000)
    expect([tries(), happened.includes('told beta')]).toEqual([5, true])
    expect(status.problems).toEqual({})
    await jest.advanceTimersByTimeAsync(100_000)
    expect(tries()).toBe(5)
  })

  it('are no longer tried, and no problem, after the end', async () => {
    const { declare, happened, status, end } = start(['acme', 'beta'], { beta: 99 })
    await declare()
    await jest.advanceTimersByTimeAsync(0)
    expect(Object.keys(status.problems)).toEqual(['beta'])
    end.abort()
    await jest.advanceTimersByTimeAsync(0)
    expect(status.problems).toEqual({})
    const { length } = happened
    await jest.advanceTimersByTimeAsync(100_000)
    expect(happened).toHaveLength(length)
  })

  it('that fail because of the end are no failure', async () => {
    const { declare, status, log, end } = start(['acme', 'beta'], { beta: 99 })
    const declaring = declare()
    end.abort()
    await declaring
    await jest.advanceTimersByTimeAsync(0)
    expect([status.problems, log.error.mock.calls]).toEqual([{}, []])
  })

  it('whose last try fails because of the end are no failure', async () => {
    const tried = Promise.withResolvers<void>()
    const { declare, status, log, end } = start(['acme', 'beta'], { beta: 1 }, tried.promise)
    await declare()
    end.abort()
    tried.reject(new Error('the connection is closed'))
    await jest.advanceTimersByTimeAsync(0)
    expect([status.problems, log.error.mock.calls]).toEqual([{}, []])
  })

  it('are let go together, and the queue is counted as the last one finds it', async () => {
    const { ways, queue, happened } = start(['acme', 'beta', 'of-seven'])
    expect(await ways.letAllGo(queue, () => true)).toBe(8)
    expect(happened).toEqual(['release acme', 'release beta', 'release of-seven'])
  })
})
