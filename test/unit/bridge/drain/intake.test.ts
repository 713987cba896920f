import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Fate } from '../../../../lib/bridge/settle-message.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { createIntake } = await import('../../../../lib/bridge/drain/intake.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const messageOf = (routingKey: string, redelivered = false, wire: '1.0' | '2.0' = '1.0') =>
  ({
    ...{ routingKey, redelivered, wire, queue: `queue ${wire}`, properties: {} },
    body: Buffer.from(routingKey),
  }) as Partial<IncomingMessage> as IncomingMessage

/** An intake whose messages the test settles by name. */
function start() {
  const over = new AbortController()
  const begun: string[] = []
  const proven: string[] = []
  const out = new Map<string, { settle: (fate: Fate) => void; fail?: (() => void) | undefined }>()
  const intake = createIntake(
    ({ routingKey }, onStoreFailure) => {
      begun.push(routingKey)
      return new Promise((settle) => out.set(routingKey, { settle, fail: onStoreFailure }))
    },
    () => void proven.push('proven'),
    over.signal,
  )
  const held: string[] = []
  return {
    intake,
    over,
    begun,
    proven,
    held,
    take(message: IncomingMessage) {
      intake.take(message, () => held.push(message.routingKey))
    },
    async settle(name: string, fate: Fate = 'bridged') {
      out.get(name)?.settle(fate)
      await jest.advanceTimersByTimeAsync(0)
    },
    fail: (name: string) => out.get(name)?.fail?.(),
  }
}

describe('the intake of a drain', () => {
  it('knows what is on its way, and whether the bus has taken one', async () => {
    const { intake, take, settle, begun, proven, held } = start()
    take(messageOf('a'))
    take(messageOf('b'))
    expect([intake.inFlight, intake.held, intake.proven, begun]).toEqual([2, 0, false, ['a', 'b']])
    await settle('a', 'returned')
    // What went back proves nothing.
    expect([intake.inFlight, intake.proven, proven]).toEqual([1, false, []])
    await settle('b')
    expect([intake.inFlight, intake.proven, proven]).toEqual([0, true, ['proven']])
    take(messageOf('c'))
    await settle('c')
    expect([proven, held]).toEqual([['proven'], []])
  })

  it('does not count what waits for a store as on its way, and its visit need not wait for it', async () => {
    const { intake, take, fail, settle, held } = start()
    take(messageOf('a'))
    fail('a')
    expect([intake.inFlight, held]).toEqual([0, ['a']])
    await settle('a', 'quarantined')
    expect([intake.inFlight, intake.proven]).toEqual([0, true])
  })

  it('keeps redelivered messages, and what is behind them in an ordered queue, until the others are settled', async () => {
    const { intake, take, settle, begun, held } = start()
    take(messageOf('a'))
    take(messageOf('again', true))
    take(messageOf('again 2', true, '2.0'))
    take(messageOf('behind', false, '2.0'))
    expect([intake.held, held, begun]).toEqual([3, ['again', 'again 2', 'behind'], ['a']])
    expect([intake.mayConsume('queue 1.0'), intake.mayConsume('queue 2.0')]).toEqual([true, false])
    void intake.settleHeld()
    await jest.advanceTimersByTimeAsync(4_999)
    expect(begun).toEqual(['a'])
    await settle('a')
    expect(begun).toHaveLength(2)
    for (const taken of [3, 4]) {
      await settle(begun.at(-1) as string)
      await jest.advanceTimersByTimeAsync(60)
      expect([begun.length, intake.held]).toEqual([taken, 4 - taken])
    }
    expect(begun.indexOf('behind')).toBeGreaterThan(begun.indexOf('again 2'))
  })

  it('waits five seconds for what is in flight, and no longer', async () => {
    const { intake, take, begun } = start()
    take(messageOf('a'))
    take(messageOf('again', true))
    void intake.settleHeld()
    await jest.advanceTimersByTimeAsync(4_999)
    expect(begun).toEqual(['a'])
    await jest.advanceTimersByTimeAsync(1)
    expect(begun).toEqual(['a', 'again'])
  })

  it('settles none of the redelivered once time is up: they are left', async () => {
    const { intake, take, begun, over } = start()
    take(messageOf('a'))
    take(messageOf('again', true))
    void intake.settleHeld()
    over.abort()
    await jest.advanceTimersByTimeAsync(0)
    expect(begun).toEqual(['a'])
    expect(intake.rest().map(({ routingKey }) => routingKey)).toEqual(['again'])
  })

  it('a redelivered message that waits for a store says nothing of the bus', async () => {
    const { intake, take, fail, begun } = start()
    take(messageOf('again', true))
    void intake.settleHeld()
    await jest.advanceTimersByTimeAsync(0)
    expect([begun, intake.inFlight]).toEqual([['again'], 1])
    fail('again')
    expect(intake.inFlight).toBe(0)
  })
})
