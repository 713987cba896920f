import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import { type Topology, topologyOf } from '../../../../lib/bridge/topology.ts'
import { EcosError } from '../../../../lib/errors.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { startDeclaring } = await import('../../../../lib/bridge/drain/declarations.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const own = (id: string) => topologyOf({ id, events: [], locale: 'ru', cell: 'main' })
const pooled = (id: string) =>
  topologyOf({ id, events: [], locale: 'ru', cell: 'main', pool: 'p01' })

/** Declares; the test answers each declaration by the tenant's name. */
function start(served: readonly Topology[], leaving: readonly Topology[] = []) {
  const lost = new AbortController()
  const over = new AbortController()
  const told: string[] = []
  const counted: string[] = []
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const acts = new Map<string, PromiseWithResolvers<number | undefined>>()
  const act =
    (verb: string) =>
    (_: Broker, { tenant }: Topology) => {
      const one = Promise.withResolvers<number | undefined>()
      acts.set(`${verb} ${tenant}`, one)
      return one.promise
    }
  const counts = new Map<string, number>()
  const declarations = startDeclaring({
    broker: {
      lost: lost.signal,
      async count(queue) {
        counted.push(queue)
        return counts.get(queue)
      },
    } as Partial<Broker> as Broker,
    served,
    leaving,
    moved: [],
    declare: act('declare') as (broker: Broker, topology: Topology) => Promise<number>,
    letGo: act('release'),
    onDeclared: ({ tenant }) => void told.push(tenant),
    log,
    over: AbortSignal.any([over.signal, lost.signal]),
  })
  /** What the next look tells; undefined while it waits. */
  const look = (milliseconds: number) => {
    const seen: { error?: unknown; backlogs?: [string, number][] } = {}
    void declarations.next(milliseconds).then(
      (backlogs) => {
        seen.backlogs = backlogs.map(({ queue, ready }) => [queue.name, ready])
      },
      (error: unknown) => {
        seen.error = error
      },
    )
    return seen
  }
  return {
    ...{ declarations, told, counted, counts, log, lost, over, look },
    async answer(what: string, with_: number | Error | undefined) {
      if (with_ instanceof Error) acts.get(what)?.reject(with_)
      else acts.get(what)?.resolve(with_)
      await jest.advanceTimersByTimeAsync(0)
    },
    acts: () => [...acts.keys()],
  }
}

const queueOf = (tenant: string) => `tenant.${tenant}.eventbridge`

describe('the declarations of a drain', () => {
  it('are waited for, and told once each', async () => {
    const { declarations, acts, answer, look, told } = start([own('a'), own('b')], [own('gone')])
    expect(acts()).toEqual(['declare a', 'declare b', 'release gone'])
    const first = look(1_000)
    await answer('declare a', 3)
    await answer('declare b', 0)
    expect([first.backlogs, declarations.areOver]).toEqual([undefined, false])
    await answer('release gone', 2)
    expect(first.backlogs).toEqual([
      [queueOf('a'), 3],
      [queueOf('b'), 0],
      [queueOf('gone'), 2],
    ])
    // Those who leave are not told.
    expect([told, declarations.areOver, declarations.failures()]).toEqual([['a', 'b'], true, []])
    const second = look(1_000)
    await jest.advanceTimersByTimeAsync(0)
    expect(second.backlogs).toEqual([])
  })

  it('are told as far as they are over when the wait is', async () => {
    const { declarations, answer, look } = start([own('a'), own('b')])
    await answer('declare b', 3)
    const first = look(1_000)
    await jest.advanceTimersByTimeAsync(999)
    expect(first.backlogs).toBeUndefined()
    await jest.advanceTimersByTimeAsync(1)
    expect([first.backlogs, declarations.areOver]).toEqual([[[queueOf('b'), 3]], false])
    await answer('declare a', 1)
    // Over, but not told yet.
    expect(declarations.areOver).toBe(false)
    const second = look(1_000)
    await jest.advanceTimersByTimeAsync(0)
    expect([second.backlogs, declarations.areOver]).toEqual([[[queueOf('a'), 1]], true])
  })

  it('leave no timer behind when they are over before the wait is', async () => {
    const { answer, look } = start([own('a')])
    const first = look(1_000_000)
    await answer('declare a', 3)
    expect(first.backlogs).toEqual([[queueOf('a'), 3]])
    expect(jest.getTimerCount()).toBe(0)
  })

  it('that fail keep nobody else, and are named', async () => {
    const { declarations, answer, look, log, told } = start([own('a'), own('b')])
    const first = look(1_000)
    const error = new EcosError('queue-differs', 'the queue of a differs')
    await answer('declare a', error)
    expect(declarations.failures()).toEqual([
      'the queue of a differs',
      '1 queues were not declared before the deadline',
    ])
    await answer('declare b', 3)
    expect(first.backlogs).toEqual([[queueOf('b'), 3]])
    expect([told, declarations.areOver]).toEqual([['b'], true])
    expect(declarations.failures()).toEqual(['the queue of a differs'])
    expect(log.error).toHaveBeenCalledWith('The queue could not be declared', {
      tenant: 'a',
      error,
    })
  })

  it('of a removed tenant whose queue is gone tell of no queue', async () => {
    const { declarations, answer, look } = start([], [own('gone')])
    const first = look(1_000)
    await answer('release gone', undefined)
    expect([first.backlogs, declarations.areOver, declarations.failures()]).toEqual([[], true, []])
  })

  it('of a pool count its bypass once for all tenants', async () => {
    const { declarations, answer, look, counted, counts } = start([pooled('a'), pooled('b')])
    counts.set('cell.main.p01.bypass.eventbridge', 7)
    const first = look(1_000)
    await answer('declare a', 3)
    await answer('declare b', 3)
    expect(counted).toEqual(['cell.main.p01.bypass.eventbridge'])
    expect(first.backlogs).toEqual([
      ['cell.main.p01.eventbridge', 3],
      ['cell.main.p01.bypass.eventbridge', 7],
    ])
    expect(declarations.areOver).toBe(true)
  })

  it('of a pool tell of no bypass that is gone', async () => {
    const { answer, look } = start([pooled('a')])
    const first = look(1_000)
    await answer('declare a', 3)
    expect(first.backlogs).toEqual([['cell.main.p01.eventbridge', 3]])
  })

  it('are not waited for once time is up, and those that miss are counted', async () => {
    const { declarations, answer, look, over } = start([own('a'), own('b'), own('c')])
    await answer('declare b', 3)
    const first = look(1_000_000)
    over.abort()
    await jest.advanceTimersByTimeAsync(0)
    expect(first.backlogs).toEqual([[queueOf('b'), 3]])
    expect(declarations.failures()).toEqual(['2 queues were not declared before the deadline'])
  })

  it('end with the connection, which is no failure of a queue', async () => {
    const { declarations, answer, look, lost, log } = start([own('a')])
    const reason = new EcosError('broker-lost', 'the connection is lost')
    const first = look(1_000)
    lost.abort(reason)
    await answer('declare a', new Error('channel closed'))
    expect(first.error).toBe(reason)
    expect([declarations.failures(), log.error.mock.calls]).toEqual([[], []])
  })
})
