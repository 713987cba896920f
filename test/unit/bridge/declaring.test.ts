import { describe, expect, it } from '@jest/globals'
import type { Broker } from '../../../lib/bridge/broker.ts'
import { createDeclare } from '../../../lib/bridge/declaring.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const tenant: Tenant = { id: 'acme', events: ['task.create'], locale: 'ru', cell: 'main' }
const topology = topologyOf(tenant)

/** A broker with three messages in each queue, that tells what it was asked. */
function setUp(address = 'broker:5672/') {
  const asked: string[] = []
  const state = { there: true }
  const broker = {
    address,
    async declare() {
      asked.push('declare')
      state.there = true
      return 3
    },
    async count() {
      asked.push('count')
      return state.there ? 3 : undefined
    },
  } as unknown as Broker
  return { broker, asked, state }
}

describe('createDeclare', () => {
  it('declares once, and then asks for no more than what waits', async () => {
    const { broker, asked } = setUp()
    const declare = createDeclare()
    expect([await declare(broker, topology), await declare(broker, topology)]).toEqual([3, 3])
    expect(asked).toEqual(['declare', 'count'])
  })

  it('declares a queue again that is gone', async () => {
    const { broker, asked, state } = setUp()
    const declare = createDeclare()
    await declare(broker, topology)
    state.there = false
    expect(await declare(broker, topology)).toBe(3)
    expect(asked).toEqual(['declare', 'count', 'declare'])
  })

  it('declares a pool again whose bypass is gone', async () => {
    const { broker, asked } = setUp()
    const pooled = topologyOf({ ...tenant, pool: 'p00' })
    const count = async (queue: string) => (queue === pooled.bypass?.queue ? undefined : 3)
    const declare = createDeclare()
    await declare(broker, pooled)
    await declare({ ...broker, count }, pooled)
    expect(asked).toEqual(['declare', 'declare'])
  })

  it('declares anew after 15 minutes: a binding may have been removed by hand', async () => {
    const { broker, asked } = setUp()
    let now = 0
    const declare = createDeclare(() => now)
    await declare(broker, topology)
    now = 900_000
    await declare(broker, topology)
    expect(asked).toEqual(['declare', 'declare'])
  })

  it('renews the declarations of many tenants a few at a time, and each within 15 minutes', async () => {
    const { broker, asked } = setUp()
    let now = 0
    const declare = createDeclare(() => now)
    const many = Array.from({ length: 1_000 }, (_, index) => ({
      ...topology,
      tenant: `t-${index}`,
      queue: `tenant.t-${index}.eventbridge`,
    }))
    const drainAll = () => Promise.all(many.map((each) => declare(broker, each)))
    await drainAll()
    const renewals: number[] = []
    for (now = 60_000; now <= 900_000; now += 60_000) {
      asked.length = 0
      await drainAll()
      renewals.push(asked.filter((what) => what === 'declare').length)
    }
    expect(Math.max(...renewals)).toBeLessThan(200)
    expect(renewals.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(1_000)
  })

  it('remembers a declaration that was renewed for 15 minutes', async () => {
    const { broker, asked } = setUp()
    let now = 0
    const declare = createDeclare(() => now)
    const second = { ...topology, queue: 'tenant.acme.eventbridge.2' }
    await declare(broker, topology)
    await declare(broker, second)
    asked.length = 0
    now = 890_000
    await declare(broker, second)
    now += 899_999
    await declare(broker, second)
    now += 1
    await declare(broker, second)
    expect(asked).toEqual(['declare', 'count', 'declare'])
  })

  it('counts the queue of a pool once for all its tenants, and anew the next time', async () => {
    const { broker } = setUp()
    const counted: string[] = []
    let ready = 3
    const counting = {
      ...broker,
      async count(queue: string) {
        counted.push(queue)
        return ready
      },
    }
    const declare = createDeclare()
    const pooled = ['acme', 'globex', 'initech'].map((id) =>
      topologyOf({ ...tenant, id, pool: 'p00' }),
    )
    const declareAll = () => Promise.all(pooled.map((each) => declare(counting, each)))
    await declareAll()
    expect(await declareAll()).toEqual([3, 3, 3])
    const both = ['cell.main.p00.eventbridge', 'cell.main.p00.bypass.eventbridge']
    expect(counted).toEqual(both)
    ready = 4
    expect(await declareAll()).toEqual([4, 4, 4])
    expect(counted).toEqual([...both, ...both])
  })

  it('declares what is new: another set of event types, and another broker', async () => {
    const [one, other] = [setUp(), setUp('other:5672/')]
    const declare = createDeclare()
    await declare(one.broker, topology)
    await declare(one.broker, { ...topology, bind: [], unbind: ['task.create'] })
    await declare(other.broker, topology)
    expect([one.asked, other.asked]).toEqual([['declare', 'declare'], ['declare']])
  })
})
