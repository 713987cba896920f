import { describe, expect, it } from '@jest/globals'
import { createBridgeMetrics } from '../../../lib/bridge/metrics.ts'
import type { Bus, EntryResult } from '../../../lib/bridge/publish/bus.ts'
import { EcosError } from '../../../lib/errors.ts'
import { listeningLog } from '../../support/listening-log.ts'

function start() {
  const written: unknown[][] = []
  const { log, lines } = listeningLog()
  const metrics = createBridgeMetrics((...line) => void written.push(line), log)
  return {
    metrics,
    lines,
    /** What is written now. */
    write(...run: Parameters<typeof metrics.write>) {
      metrics.write(...run)
      return written.splice(0)
    },
  }
}

const quiet = { BusFailures: 0, BusThrottles: 0 }
const counts = (of: Record<string, number>) => new Map(Object.entries(of))

describe('the metrics of a bridge', () => {
  it('are a line of the cell, also where nothing happened', () => {
    const { write } = start()
    expect(write()).toEqual([[quiet]])
  })

  it('count the fates of each tenant, and begin anew with each write', () => {
    const { metrics, write } = start()
    metrics.onFate('acme', 'bridged')
    metrics.onFate('acme', 'bridged')
    metrics.onFate('globex', 'bridged')
    for (const fate of ['quarantined', 'unasked', 'returned', 'dead-lettered'] as const) {
      metrics.onFate('acme', fate)
    }
    metrics.onRefused('acme')
    expect(write()).toEqual([
      [quiet],
      [
        {
          ...{ Bridged: 2, Quarantined: 1, Unasked: 1, Returned: 1, DeadLettered: 1 },
          ConsumeRefused: 1,
        },
        { tenant: 'acme' },
      ],
      [{ Bridged: 1 }, { tenant: 'globex' }],
    ])
    expect(write()).toEqual([[quiet]])
  })

  it('say of a run whether events could flow, and how long it took if that is known', () => {
    const { write } = start()
    expect(write({ drains: 1, milliseconds: 0 })).toEqual([
      [{ ...quiet, Drains: 1, DrainDuration: 0 }],
    ])
    expect(write({ drains: 0 })).toEqual([[{ ...quiet, Drains: 0 }]])
  })

  it('count how often the broker blocks publishing, and not that it accepts it again', () => {
    const { metrics, write } = start()
    for (const reason of ['low on memory', undefined, 'low on disk']) metrics.onBlocked(reason)
    expect(write()).toEqual([[{ ...quiet, BrokerBlocked: 2 }]])
    metrics.onBlocked(undefined)
    expect(write()).toEqual([[quiet]])
  })

  it('add up what waits at the broker when it was last counted, and log whose it is', () => {
    const { metrics, write, lines } = start()
    metrics.onDepths({ waiting: counts({ acme: 7 }), deadLettered: new Map() })
    metrics.onDepths({
      waiting: counts({ calm: 0, acme: 2, globex: 30 }),
      deadLettered: counts({ acme: 4, globex: 0, initech: 5 }),
    })
    expect(write()).toEqual([[{ ...quiet, BrokerBacklog: 32, BrokerDeadLetters: 9 }]])
    expect(write()).toEqual([[quiet]])
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['info', { waiting: { acme: 7 }, deadLettered: {} }],
      ['info', { waiting: { globex: 30, acme: 2 }, deadLettered: { initech: 5, acme: 4 } }],
    ])
    expect(Object.keys(lines[1]?.fields['waiting'] ?? {})).toEqual(['globex', 'acme'])
  })

  it('log nothing where nothing waits, and the dead letters where nothing else does', () => {
    const { metrics, write, lines } = start()
    metrics.onDepths({ waiting: counts({ acme: 0 }), deadLettered: counts({ acme: 0 }) })
    expect(lines).toEqual([])
    expect(write()).toEqual([[{ ...quiet, BrokerBacklog: 0, BrokerDeadLetters: 0 }]])
    metrics.onDepths({ waiting: new Map(), deadLettered: counts({ acme: 1 }) })
    expect(lines.map(({ fields }) => fields)).toEqual([{ waiting: {}, deadLettered: { acme: 1 } }])
  })

  it('name the fifty tenants with the longest backlogs in a line, and count all', () => {
    const { metrics, write, lines } = start()
    const tenants = Array.from({ length: 60 }, (_, index) => [`t-${index}`, index + 1] as const)
    metrics.onDepths({ waiting: new Map(tenants), deadLettered: new Map() })
    const named = Object.values(lines[0]?.fields['waiting'] ?? {})
    expect(named).toEqual(Array.from({ length: 50 }, (_, index) => 60 - index))
    expect(write()).toEqual([[{ ...quiet, BrokerBacklog: 1_830, BrokerDeadLetters: 0 }]])
  })
})

describe('a watched bus', () => {
  const ok: EntryResult = { status: 'accepted' }
  const failed = (code: string): EntryResult => ({ status: 'failed', code })

  /** Counts the failures of a bus that answers so. */
  async function failuresOf(put: Bus['put']) {
    const { metrics, write } = start()
    const bus = metrics.watch({ put, check: async () => undefined })
    const outcome = await bus.put([]).catch((error: unknown) => error)
    const [[{ BusFailures, BusThrottles }]] = write() as [[Record<string, number>]]
    return { outcome, counted: [BusFailures, BusThrottles] }
  }

  it.each<[string, EntryResult[], number[]]>([
    ['all are accepted', [ok, ok], [0, 0]],
    ['one is refused', [ok, { status: 'refused', code: 'MalformedDetail' }], [0, 0]],
    ['entries fail', [failed('InternalFailure'), ok, failed('InternalFailure')], [1, 0]],
    ['one is throttled', [failed('InternalFailure'), failed('ThrottlingException')], [1, 1]],
    ['one is throttled by an older name', [failed('ThrottledException')], [1, 1]],
    ['there are too many requests', [failed('TooManyRequestsException')], [1, 1]],
  ])('counts a call of which %s', async (_, results, counted) => {
    expect(await failuresOf(async () => results)).toEqual({ outcome: results, counted })
  })

  it.each<[string, unknown, number[]]>([
    ['is out of reach', new EcosError('bus-unavailable', 'down'), [1, 0]],
    [
      'throttles',
      new EcosError('bus-unavailable', 'slow', {
        cause: Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }),
      }),
      [1, 1],
    ],
    [
      'fails for another cause',
      new EcosError('bus-unavailable', '', { cause: new Error() }),
      [1, 0],
    ],
    ['throws what is no error', 'ThrottlingException', [1, 0]],
    ['has a cause that is no error', new EcosError('bus-unavailable', '', { cause: 7 }), [1, 0]],
    ['refuses the content of a call', new EcosError('call-refused', 'too odd'), [0, 0]],
    ['fails with an error of another kind', new TypeError('call-refused'), [1, 0]],
  ])('counts a call that fails: it %s', async (_, error, counted) => {
    expect(await failuresOf(() => Promise.reject(error))).toEqual({ outcome: error, counted })
  })

  it('hands entries on, and is checked as the bus is', async () => {
    const { metrics } = start()
    const asked: unknown[] = []
    const bus = metrics.watch({
      async put(entries) {
        asked.push(entries)
        return []
      },
      check: async () => void asked.push('check'),
    })
    const entry = { source: 'ecos.acme', detailType: 'task.create', detail: Buffer.from('{}') }
    await bus.put([entry])
    await bus.check()
    expect(asked).toEqual([[entry], 'check'])
  })
})
