import { expect, it } from '@jest/globals'
import { backlogsOf } from '../../../bin/commands/broker-backlogs.ts'
import { placeInPools } from '../../../lib/tenants/pools.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const tenants = ['acme', 'globex', 'initech'].map((id): Tenant => {
  const only = id === 'initech'
  const events2 = id === 'acme' ? {} : { events2: { target: `${id}-bridge`, interests: {}, only } }
  return { id, events: ['task.create'], locale: 'ru', cell: 'main', ...events2 }
})

it('what waits at the broker is counted in the queues of both wires', async () => {
  expect(await backlogsOf(tenants, async () => 1)).toEqual([
    { tenant: 'acme', waiting: 1, dead: 1 },
    { tenant: 'globex', waiting: 2, dead: 2 },
    { tenant: 'initech', waiting: 1, dead: 1 },
  ])
})

it('a queue that does not exist holds nothing', async () => {
  const [first] = await backlogsOf(tenants, async () => undefined)
  expect(first).toEqual({ tenant: 'acme', waiting: 0, dead: 0 })
})

it('a pool is named by its queue, with its tenants, and counts with its bypass', async () => {
  const pooled = placeInPools(tenants.slice(0, 1), { QUEUES: 'pooled', PARTITIONS: 2 })
  const [pool, ...others] = await backlogsOf(pooled, async () => 3)
  expect(others).toEqual([])
  expect(pool).toMatchObject({ waiting: 6, dead: 6, pooled: ['acme'] })
  expect(pool?.tenant).toMatch(/^cell\.main\.p\d\d\.eventbridge$/)
})

it('a pool names its queues that hold dead letters', async () => {
  const pooled = placeInPools(tenants.slice(0, 1), { QUEUES: 'pooled', PARTITIONS: 2 })
  const namesWhere = async (isFull: (queue: string) => boolean) => {
    const [pool] = await backlogsOf(pooled, async (queue) => (isFull(queue) ? 1 : 0))
    return pool?.deadLetterQueues
  }
  const names = await namesWhere(() => true)
  expect(names).toEqual([
    expect.stringMatching(/^cell\.main\.p\d\d\.eventbridge\.dead-letter$/),
    expect.stringMatching(/^cell\.main\.p\d\d\.bypass\.eventbridge\.dead-letter$/),
  ])
  expect(await namesWhere((queue) => queue === names?.[1])).toEqual(names?.slice(1))
  expect(await namesWhere(() => false)).toEqual([])
})
