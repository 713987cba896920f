import { describe, expect, it } from '@jest/globals'
import { countBacklogs, smallestFirst } from '../../../lib/bridge/backlog.ts'
import { bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../lib/bridge/broker.ts'
import { type Depths, depthsOf, watchDepths } from '../../../lib/bridge/depths.ts'
import { topologiesOf } from '../../../lib/bridge/topology.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const tenant = (id: string, over: Partial<Tenant> = {}): Tenant => {
  return { id, events: ['task.create'], locale: 'ru', cell: 'main', ...over }
}
/** `acme` has a queue for each wire; `globex` and `initech` share a pool. */
const queues = bridgeQueues(
  [
    tenant('acme', { events2: { target: 'bridge', interests: {}, only: false } }),
    tenant('globex', { pool: 'p00' }),
    tenant('initech', { pool: 'p00' }),
    tenant('gone'),
  ].flatMap(topologiesOf),
)
const pool = 'cell.main.p00.eventbridge'

/** A broker with so many messages; what is not named can't be counted. */
function brokerWith(messages: Record<string, number | undefined>): Broker {
  const count = async (queue: string) => {
    if (!(queue in messages)) throw new Error(`${queue} can not be counted`)
    return messages[queue]
  }
  return { count } as Partial<Broker> as Broker
}

const broker = brokerWith({
  'tenant.acme.eventbridge': 1,
  'tenant.acme.eventbridge.dead-letter': 10,
  bridge: 2,
  'bridge.dead-letter': 20,
  [pool]: 4,
  [`${pool}.dead-letter`]: 40,
  'cell.main.p00.bypass.eventbridge': 8,
  'cell.main.p00.bypass.eventbridge.dead-letter': 80,
  'tenant.gone.eventbridge': undefined,
  'tenant.gone.eventbridge.dead-letter': undefined,
})
const plain = ({ waiting, deadLettered }: Depths) => ({
  waiting: Object.fromEntries(waiting),
  deadLettered: Object.fromEntries(deadLettered),
})

describe('the depths at the broker', () => {
  it('are those of a tenant on both wires, and of a pool with its bypass, until it is over', async () => {
    const seen: unknown[] = []
    const over = new AbortController()
    const onDepths = (depths: Depths) => {
      seen.push(plain(depths))
      over.abort()
    }
    await watchDepths(broker, () => queues, onDepths, over.signal)
    expect(seen).toEqual([
      {
        waiting: { acme: 3, [pool]: 12 },
        deadLettered: { acme: 30, [pool]: 120 },
      },
    ])
    await watchDepths(broker, () => queues, onDepths, over.signal)
    expect(seen).toHaveLength(1)
  })

  it('are not told when it is over before they are counted', async () => {
    const over = new AbortController()
    const seen: Depths[] = []
    const watching = watchDepths(
      broker,
      () => queues,
      (depths) => void seen.push(depths),
      over.signal,
    )
    over.abort()
    await watching
    expect(seen).toEqual([])
  })

  it('leave out what can not be counted', async () => {
    const some = brokerWith({ bridge: 2, [`${pool}.dead-letter`]: 0 })
    const over = new AbortController()
    const seen: unknown[] = []
    await watchDepths(
      some,
      () => queues,
      (depths) => {
        seen.push(plain(depths))
        over.abort()
      },
      over.signal,
    )
    expect(seen).toEqual([{ waiting: { acme: 2 }, deadLettered: { [pool]: 0 } }])
  })

  it('are of the queues whose ready messages are known already', async () => {
    const known = queues.map((queue, index) => ({ queue, ready: index }))
    expect(plain(await depthsOf(broker, known))).toEqual({
      waiting: { acme: 1, [pool]: 2, gone: 3 },
      deadLettered: { acme: 30, [pool]: 40 },
    })
  })
})

describe('backlogs', () => {
  it('are the ready messages of each queue; one that is gone has none', async () => {
    const backlogs = await countBacklogs(broker, queues)
    expect(backlogs.map(({ queue, ready }) => [queue.name, ready])).toEqual([
      ['tenant.acme.eventbridge', 1],
      ['bridge', 2],
      [pool, 4],
      ['tenant.gone.eventbridge', 0],
    ])
  })

  it('are worked off from the smallest on, without those of nothing', () => {
    const [queue] = queues as [(typeof queues)[0]]
    const backlogs = [500, 0, 3, 70, 1].map((ready) => ({ queue, ready }))
    expect(smallestFirst(backlogs).map(({ ready }) => ready)).toEqual([1, 3, 70, 500])
  })
})
