import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Bus } from '../../../../lib/bridge/publish/bus.ts'
import type { WorkerOptions } from '../../../../lib/bridge/worker/options.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'
import { EcosError } from '../../../../lib/errors.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'
import { memoryPayloads } from '../../../support/memory.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { runWorker } = await import('../../../../lib/bridge/worker/worker.ts')

beforeEach(() => {
  jest.useFakeTimers()
  // The longest of each wait.
  jest.spyOn(Math, 'random').mockReturnValue(1)
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

const now = { tenants: parseTenants('tenants: { t: { events: [task.create] } }', 't'), leaving: [] }

/** A worker; the test says whether it can connect, and delivers over the last connection. */
function start(options: Partial<WorkerOptions> = {}) {
  const stop = new AbortController()
  const status = createStatus()
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const connects: number[] = []
  const state = { failure: undefined as Error | undefined, lost: new AbortController() }
  let handlers: QueueConsumerHandlers | undefined
  const connect = async () => {
    connects.push(performance.now())
    if (state.failure) throw state.failure
    state.lost = new AbortController()
    return {
      address: 'test',
      lost: state.lost.signal,
      handshakes: { join: async () => {}, broadcast: async () => {}, answer: async () => {} },
      onBlocked: () => undefined,
      declare: async () => 0,
      count: async () => 0,
      async consume(_queue, _prefetch, given) {
        handlers = given
        return { cancel: async () => undefined }
      },
      stopConsuming: async () => undefined,
      close: async () => undefined,
    } as Partial<Broker> as Broker
  }
  let isOver = false
  void runWorker(
    {
      tenants: () => now,
      connect,
      bus: {
        put: async (entries) => entries.map(() => ({ status: 'accepted' })),
        check: async () => undefined,
      },
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log,
      stop: stop.signal,
      ...options,
    },
    status,
  ).then(() => {
    isOver = true
  })
  const begin = performance.now()
  const settle = () => undefined
  return {
    ...{ state, stop, status, log },
    isOver: () => isOver,
    /** Milliseconds from the begin on. */
    connects: () => connects.map((at) => at - begin),
    pass: (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds),
    deliver: (id: string) =>
      handlers?.onMessage({
        ...{ tenant: 't', queue: 'tenant.t.eventbridge', exchange: 'tenant.t.events' },
        ...{ routingKey: 'task.create', properties: {}, redelivered: false },
        ...{ acknowledge: settle, deadLetter: settle, requeue: settle },
        body: Buffer.from(JSON.stringify({ data: { id, type: 'task.create' } })),
      } satisfies IncomingMessage),
  }
}

describe('a worker', () => {
  it('that can not reach the broker tries again, ever more seldom, and says why', async () => {
    const { state, pass, connects, status, log, stop, isOver } = start()
    state.failure = new EcosError('broker-unreachable', 'no route to the broker')
    await pass(0)
    // The first was made before the broker was gone.
    state.lost.abort(state.failure)
    await pass(0)
    expect(status.broker).toEqual({ connected: false, problem: 'no route to the broker' })
    expect(log.error).toHaveBeenCalledWith('RabbitMQ is not connected; retrying', {
      error: state.failure,
    })
    await pass(1_500)
    state.failure = new EcosError('broker-unreachable', 'no such host')
    await pass(2_000)
    expect(connects()).toEqual([0, 500, 1_500, 3_500])
    expect(status.broker).toEqual({ connected: false, problem: 'no such host' })
    expect(log.error).toHaveBeenLastCalledWith('RabbitMQ is not connected; retrying', {
      error: state.failure,
    })
    state.failure = undefined
    await pass(4_000)
    expect([connects().at(-1), status.broker]).toEqual([7_500, { connected: true }])
    expect(log.info).toHaveBeenCalledWith('Connected to the broker')
    stop.abort()
    await pass(0)
    expect([isOver(), status.broker]).toEqual([
      true,
      { connected: false, problem: 'not connected' },
    ])
    // It was told to end, which is no failure.
    expect(log.error).toHaveBeenCalledTimes(4)
  })

  it('ends while it waits for the broker', async () => {
    const { state, pass, connects, stop, isOver } = start()
    await pass(0)
    state.failure = new EcosError('broker-unreachable', 'no route to the broker')
    state.lost.abort(state.failure)
    await pass(600)
    stop.abort()
    await pass(0)
    expect([isOver(), connects()]).toEqual([true, [0, 500]])
  })

  it('connects again sooner when the connection that it lost had lasted', async () => {
    const lose = async (lasted: number) => {
      const run = start()
      await run.pass(0)
      for (let times = 0; times < 3; times += 1) {
        run.state.lost.abort(new EcosError('broker-lost', 'lost'))
        await run.pass(500 * 2 ** times)
      }
      expect(run.connects()).toEqual([0, 500, 1_500, 3_500])
      await run.pass(lasted)
      run.state.lost.abort(new EcosError('broker-lost', 'lost'))
      await run.pass(4_000)
      run.stop.abort()
      await run.pass(0)
      return (run.connects().at(-1) as number) - 3_500 - lasted
    }
    expect(await lose(30_000)).toBe(4_000)
    expect(await lose(30_001)).toBe(500)
  })

  it('takes no more for a bus that accepts nothing, ever more seldom, until it has bridged one', async () => {
    let accepts = false
    const bus: Bus = {
      put: async (entries) =>
        entries.map(() =>
          accepts ? { status: 'accepted' } : { status: 'failed', code: 'NotPermitted' },
        ),
      check: async () => undefined,
    }
    const { pass, connects, deliver, log, status, stop } = start({ bus, holdFor: 2_000 })
    await pass(0)
    const failFor = async (expected: number) => {
      const before = connects().length
      deliver('e1')
      // It is given up two to three seconds later, at one of the looks.
      await pass(3_000)
      expect(status.settled.returned).toBeGreaterThan(0)
      await pass(expected - 1_001)
      expect(connects().length).toBe(before)
      await pass(1_001)
      expect(connects().length).toBe(before + 1)
    }
    await failFor(2_000)
    expect(log.error).toHaveBeenCalledWith(
      'EventBridge failed entries for too long; the messages in flight went back to the broker',
      expect.objectContaining({ accepting: false, problem: 'NotPermitted' }),
    )
    await failFor(4_000)
    accepts = true
    deliver('e2')
    await pass(10)
    expect(status.settled.bridged).toBe(1)
    accepts = false
    await failFor(2_000)
    stop.abort()
    await pass(0)
  })
})
