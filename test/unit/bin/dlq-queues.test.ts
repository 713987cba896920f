import { describe, expect, it } from '@jest/globals'
import { boxesOf, createAbsences, queuesMeant } from '../../../bin/commands/dlq-queues.ts'
import type { BridgeQueue } from '../../../lib/bridge/bridge-queue.ts'
import type { LetterBox } from '../../../lib/operations/letter-box.ts'
import { placeInPools } from '../../../lib/tenants/pools.ts'
import { parseTenants, type Tenant } from '../../../lib/tenants/tenants-file.ts'

const ids = Array.from({ length: 1000 }, (_, at) => `tenant-${at}`)
const entry = (id: string) => (id === 'tenant-8' ? { partition: 'own' } : {})
const tenants = parseTenants(
  JSON.stringify({ tenants: Object.fromEntries(ids.map((id) => [id, entry(id)])) }),
  'tenants.yml',
)
const pooled = placeInPools(tenants, { QUEUES: 'pooled', PARTITIONS: 16 })

const namesOf = (of: readonly Tenant[], meant: Parameters<typeof queuesMeant>[2]) => {
  const { current, former } = queuesMeant(of, 16, meant)
  return [...current, ...former].map(({ deadLetterQueue }) => deadLetterQueue)
}

describe('the queues at the broker whose dead letters are read', () => {
  it('are all, those that the tenants may have had too', () => {
    // Own ones; the pools, each with its bypass, and a pool for each tenant alone.
    expect(namesOf(tenants, {})).toHaveLength(1000 + 2 * 16 + 1000)
  })

  it('are of one tenant its own and those that it may share', () => {
    const names = namesOf(tenants, { tenant: 'tenant-7' })
    expect(names).toHaveLength(1 + 2 * 16 + 1)
    expect(names).toEqual(
      expect.arrayContaining([
        'tenant.tenant-7.eventbridge.dead-letter',
        'cell.main.p00.eventbridge.dead-letter',
        'cell.main.p00.bypass.eventbridge.dead-letter',
        'cell.main.own-tenant-7.eventbridge.dead-letter',
      ]),
    )
    expect(namesOf(pooled, { tenant: 'tenant-7' }).toSorted()).toEqual(names.toSorted())
    expect(namesOf(pooled, { tenant: 'tenant-8' })).toContain(
      'cell.main.own-tenant-8.eventbridge.dead-letter',
    )
  })

  it('are the one that is named', () => {
    const name = 'tenant.tenant-7.eventbridge.dead-letter'
    expect(namesOf(tenants, { queue: name })).toEqual([name])
    expect(namesOf(tenants, { queue: 'ecos-main-quarantine' })).toEqual([])
  })

  it('are still those of a tenant that the cell does not know', () => {
    expect(namesOf(tenants, { tenant: 'other' })).toHaveLength(2 * 16)
  })

  it('are all of what is no tenant’s: it may have been put into any queue', () => {
    expect(namesOf(pooled, { tenant: '-' })).toEqual(namesOf(pooled, {}))
  })
})

describe('looking for them again', () => {
  function setUp() {
    const asked: string[] = []
    const there = new Set(['tenant.tenant-7.eventbridge.dead-letter'])
    const box = async ({ deadLetterQueue: name }: BridgeQueue) => {
      asked.push(name)
      return there.has(name) ? ({ name } as LetterBox) : undefined
    }
    let now = 0
    const absences = createAbsences(() => now)
    const look = async (meant = {}) => {
      const boxes = await boxesOf(queuesMeant(tenants, 16, meant), box, absences)
      return { names: boxes.map(({ name }) => name), asked: asked.splice(0).length }
    }
    const pass = (minutes: number) => {
      now += minutes * 60_000
    }
    return { look, there, pass }
  }
  const name = 'tenant.tenant-7.eventbridge.dead-letter'
  const former = 'cell.main.p00.eventbridge.dead-letter'

  it('leaves out for ten minutes a former one that was not there', async () => {
    const { look, there, pass } = setUp()
    expect(await look()).toEqual({ names: [name], asked: 2032 })
    there.add(former)
    pass(9)
    expect(await look()).toEqual({ names: [name], asked: 1000 })
    pass(1)
    expect(await look()).toEqual({ names: [name, former], asked: 2032 })
    pass(1)
    expect(await look()).toEqual({ names: [name, former], asked: 1001 })
  })

  it('never leaves out one that a tenant has now', async () => {
    const { look, there } = setUp()
    const other = 'tenant.tenant-8.eventbridge.dead-letter'
    await look()
    there.add(other)
    expect((await look({ tenant: 'tenant-8' })).names).toEqual([other])
  })
})
