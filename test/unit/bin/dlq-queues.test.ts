import { describe, expect, it } from '@jest/globals'
import { queuesMeant } from '../../../bin/commands/dlq-queues.ts'
import { placeInPools } from '../../../lib/tenants/pools.ts'
import { parseTenants, type Tenant } from '../../../lib/tenants/tenants-file.ts'

const ids = Array.from({ length: 1000 }, (_, at) => `tenant-${at}`)
const entry = (id: string) => (id === 'tenant-8' ? { partition: 'own' } : {})
const tenants = parseTenants(
  JSON.stringify({ tenants: Object.fromEntries(ids.map((id) => [id, entry(id)])) }),
  'tenants.yml',
)
const pooled = placeInPools(tenants, { QUEUES: 'pooled', PARTITIONS: 16 })

const namesOf = (of: readonly Tenant[], meant: Parameters<typeof queuesMeant>[2]) =>
  queuesMeant(of, 16, meant).map(({ deadLetterQueue }) => deadLetterQueue)

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
