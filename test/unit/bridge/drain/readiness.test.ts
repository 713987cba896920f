import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { BusEntry, EntryResult } from '../../../../lib/bridge/publish/bus.ts'
import { EcosError } from '../../../../lib/errors.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { untilReady } = await import('../../../../lib/bridge/drain/readiness.ts')

beforeEach(() => {
  jest.useFakeTimers()
  // The longest of each wait.
  jest.spyOn(Math, 'random').mockReturnValue(1)
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

interface Parts {
  readonly check?: () => Promise<void>
  readonly answer?: (() => readonly EntryResult[]) | undefined
  readonly checkStores?: () => Promise<void>
}

/** Waits for a bus that accepts what it is given, or that is as the test says. */
function start({ check, answer, checkStores }: Parts = {}) {
  const over = new AbortController()
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const given: BusEntry[] = []
  const bus = {
    check: check ?? (async () => undefined),
    async put(entries: readonly BusEntry[]) {
      given.push(...entries)
      return answer ? answer() : [{ status: 'accepted' } as const]
    },
  }
  let outcome: unknown = 'waits'
  const stores = checkStores && { checkStores }
  const ready = untilReady(bus, { log, ...stores }, over.signal, { firstWait: 1_000 }).then(
    () => {
      outcome = 'ready'
    },
    (error: unknown) => {
      outcome = error
    },
  )
  return { over, log, given, ready, outcome: () => outcome }
}

const unavailable = new EcosError('store-unavailable', 'no store', { retryable: true })

describe('whether a drain may begin', () => {
  it('is found out with one probe, which is no event of a tenant', async () => {
    const { given, ready, outcome, log } = start()
    await jest.advanceTimersByTimeAsync(0)
    await ready
    expect(outcome()).toBe('ready')
    expect(given.map(({ source, detailType }) => [source, detailType])).toEqual([
      ['ecos-eventbridge', 'bridge.probe'],
    ])
    expect(log.warn).not.toHaveBeenCalled()
  })

  it.each<[string, readonly EntryResult[]]>([
    ['InternalFailure', [{ status: 'failed', code: 'InternalFailure' }]],
    ['Malformed', [{ status: 'refused', code: 'Malformed' }]],
    ['no result', []],
  ])('is asked again, ever more seldom, while the probe ends with %s', async (code, answer) => {
    let answers = 3
    const { given, over, outcome, log } = start({
      answer: () => (answers-- > 0 ? answer : [{ status: 'accepted' }]),
    })
    await jest.advanceTimersByTimeAsync(0)
    expect(log.warn).toHaveBeenCalledWith(
      expect.any(String),
      expect.objectContaining({
        error: expect.objectContaining({
          code: 'bus-unavailable',
          message: `EventBridge does not accept events: ${code} for the probe`,
        }),
      }),
    )
    await jest.advanceTimersByTimeAsync(999)
    expect(given).toHaveLength(1)
    await jest.advanceTimersByTimeAsync(1)
    expect(given).toHaveLength(2)
    await jest.advanceTimersByTimeAsync(2_000)
    expect([given.length, outcome()]).toEqual([3, 'waits'])
    await jest.advanceTimersByTimeAsync(4_000)
    expect([given.length, outcome()]).toEqual([4, 'ready'])
    over.abort()
  })

  it('is denied at once where the bus is missing or anything else needs someone to act', async () => {
    for (const error of [
      new EcosError('bus-missing', 'there is none'),
      new TypeError('a defect'),
    ]) {
      const { outcome, given, log } = start({ check: () => Promise.reject(error) })
      await jest.advanceTimersByTimeAsync(0)
      expect(outcome()).toBe(error)
      expect([given, log.warn.mock.calls]).toEqual([[], []])
    }
  })

  it('is denied while a store does not answer, until time is up', async () => {
    let checks = 0
    const { over, outcome } = start({
      async checkStores() {
        checks += 1
        throw unavailable
      },
    })
    await jest.advanceTimersByTimeAsync(1_500)
    expect([checks, outcome()]).toEqual([2, 'waits'])
    over.abort()
    await jest.advanceTimersByTimeAsync(0)
    expect([checks, outcome()]).toEqual([2, unavailable])
  })

  it('is not waited for when time is up during the check', async () => {
    const checking = Promise.withResolvers<void>()
    const { over, outcome, log } = start({ checkStores: () => checking.promise })
    over.abort()
    checking.reject(unavailable)
    await jest.advanceTimersByTimeAsync(0)
    expect(outcome()).toBe(unavailable)
    expect(log.warn).not.toHaveBeenCalled()
  })
})
