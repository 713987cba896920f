import { describe, expect, it } from '@jest/globals'
import { type ChangeOverBroker, changeOver, formerQueues } from '../../../lib/bridge/change-over.ts'
import { EcosError } from '../../../lib/errors.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

function tenantOf(id: string, over: Partial<Tenant> = {}): Tenant {
  return { id, events: ['task.create'], locale: 'ru', cell: 'main', ...over }
}

/** A broker with these queues, each with one message to move and two to leave, that tells what it was asked. */
function brokerWith(queues: readonly string[], refused: Record<string, unknown> = {}) {
  const asked: string[] = []
  const ask = async (what: string, tenant: string) => {
    asked.push(what)
    if (tenant in refused) throw refused[tenant]
  }
  const broker: ChangeOverBroker = {
    toOwn: (own, pools) => ask(`${own.tenant} to ${own.queue} from ${pools.join()}`, own.tenant),
    toPool: (own, pooled, pools) =>
      ask(`${own.tenant} to ${pooled.queue} from ${own.queue}, ${pools.join()}`, own.tenant),
    count: async (queue) => (queues.includes(queue) ? 0 : undefined),
    async moveAll({ name }) {
      asked.push(`move ${name}`)
      return { moved: 1, left: 2 }
    },
  }
  return { broker, asked }
}

const namesOf = (tenants: readonly Tenant[], partitions: number) =>
  formerQueues(tenants, partitions).map(({ name }) => name)

describe('former queues', () => {
  it('of tenants with queues of their own are those of every pool that they may have had', () => {
    expect(namesOf([tenantOf('acme'), tenantOf('globex')], 2)).toEqual([
      'cell.main.p00.eventbridge',
      'cell.main.p01.eventbridge',
      'cell.main.p00.bypass.eventbridge',
      'cell.main.p01.bypass.eventbridge',
      'cell.main.own-acme.eventbridge',
      'cell.main.own-globex.eventbridge',
    ])
  })

  it('of tenants in pools are their own, and all pools but those in use with their bypasses', () => {
    const tenants = [tenantOf('acme', { pool: 'p00' }), tenantOf('globex', { pool: 'own-globex' })]
    expect(namesOf(tenants, 2)).toEqual([
      'tenant.acme.eventbridge',
      'tenant.globex.eventbridge',
      'cell.main.p01.eventbridge',
      'cell.main.p01.bypass.eventbridge',
      'cell.main.own-acme.eventbridge',
    ])
  })

  it('are those of each cell, and in each pool every tenant of the cell is known', () => {
    const tenants = [tenantOf('acme'), tenantOf('globex'), tenantOf('far', { cell: 'other' })]
    const queues = formerQueues(tenants, 1)
    const pools = queues.filter(({ name }) => name.endsWith('.p00.eventbridge'))
    expect(pools.map(({ name, deadLetterQueue }) => [name, deadLetterQueue])).toEqual([
      ['cell.main.p00.eventbridge', 'cell.main.p00.eventbridge.dead-letter'],
      ['cell.other.p00.eventbridge', 'cell.other.p00.eventbridge.dead-letter'],
    ])
    const known = pools.map(({ attribute }) =>
      ['acme', 'globex', 'far', 'stranger'].map(
        (id) => attribute({ exchange: `tenant.${id}.events`, routingKey: 'task.create' }).tenant,
      ),
    )
    expect(known).toEqual([
      ['acme', 'globex', '-', '-'],
      ['-', '-', 'far', '-'],
    ])
  })

  it('of no tenants are none', () => {
    expect(formerQueues([], 4)).toEqual([])
  })
})

describe('changeOver', () => {
  it('leads each tenant to its queue, and then moves what waits in the former ones that exist', async () => {
    const tenants = [tenantOf('acme', { pool: 'p01' }), tenantOf('globex')]
    const there = [
      'tenant.acme.eventbridge',
      'cell.main.p00.eventbridge',
      'tenant.globex.eventbridge',
    ]
    const { broker, asked } = brokerWith(there)
    const progress: string[] = []
    const former = await changeOver(broker, {
      tenants,
      partitions: 2,
      onProgress: (done, total) => void progress.push(`${done} of ${total}`),
    })
    const pools = 'cell.main.p00.eventbridge,cell.main.p01.eventbridge'
    expect(asked).toEqual([
      `acme to cell.main.p01.eventbridge from tenant.acme.eventbridge, ${pools}`,
      `globex to tenant.globex.eventbridge from ${pools}`,
      'move tenant.acme.eventbridge',
      'move cell.main.p00.eventbridge',
    ])
    expect(former).toEqual(
      ['tenant.acme.eventbridge', 'cell.main.p00.eventbridge'].map((queue) => ({
        ...{ queue, deadLetterQueue: `${queue}.dead-letter` },
        ...{ moved: 1, left: 2 },
      })),
    )
    expect(progress).toEqual(['1 of 2', '2 of 2'])
  })

  it('leaves tenants alone that have events 2.0 only', async () => {
    const events2 = { target: 'bridge', interests: {} }
    const tenants = [
      tenantOf('both', { events2: { ...events2, only: false } }),
      tenantOf('only', { events2: { ...events2, only: true } }),
    ]
    const { broker, asked } = brokerWith([])
    const former = await changeOver(broker, { tenants, partitions: 1, onProgress() {} })
    expect(asked).toEqual(['both to tenant.both.eventbridge from cell.main.p00.eventbridge'])
    expect(former).toEqual([])
  })

  const differs = new EcosError('queue-differs', 'the queue differs', { retryable: true })
  const unknown = new TypeError('unexpected')
  const there = ['cell.main.p00.eventbridge']

  /** Changes over acme, globex and initech, of which some are refused. */
  async function changeAll(refused: Record<string, unknown>) {
    const { broker, asked } = brokerWith(there, refused)
    const tenants = ['acme', 'globex', 'initech'].map((id) => tenantOf(id))
    const error = await changeOver(broker, { tenants, partitions: 1, onProgress() {} }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    return { error, asked }
  }

  it('changes the others over where one is refused, and moves nothing', async () => {
    const { error, asked } = await changeAll({ globex: differs })
    expect(error).toBe(differs)
    expect(asked.map((what) => what.split(' ')[0])).toEqual(['acme', 'globex', 'initech'])
  })

  it('tells how many more are refused, with what the first one was refused for', async () => {
    const { error } = await changeAll({ acme: differs, globex: unknown, initech: unknown })
    expect(error).toBeInstanceOf(EcosError)
    expect(error).toMatchObject({
      code: 'queue-differs',
      message: 'the queue differs. 2 more tenants could not be changed over',
      cause: differs,
      retryable: true,
    })
  })

  it('tells an unexpected error as it is', async () => {
    const { error } = await changeAll({ acme: unknown, globex: differs })
    expect(error).toBe(unknown)
  })
})
