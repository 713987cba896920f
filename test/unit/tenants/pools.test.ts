import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { placeInPools, queueVariables } from '../../../lib/tenants/pools.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const fields = { events: [], locale: 'ru', cell: 'main' }
const tenants: readonly Tenant[] = [
  { ...fields, id: 'a', partition: 2 },
  { ...fields, id: 'b', partition: 'own' },
  { ...fields, id: 'c', partition: 2 },
]
const broker = { name: 'cloud', amazonMq: 'arn', secret: 'arn', virtualHost: '/' }
const atAmazonMq: Tenant = { ...fields, id: 'mq', broker }

describe('the queues of a cell', () => {
  it('are one for the tenants of a partition, where they are pooled', () => {
    const placed = placeInPools(tenants, { QUEUES: 'pooled', PARTITIONS: 4 })
    expect(placed.map(({ id, pool }) => [id, pool])).toEqual([
      ['a', 'p02'],
      ['b', 'own-b'],
      ['c', 'p02'],
    ])
    expect(placed.map(({ pool: _, ...rest }) => rest)).toEqual(tenants)
  })

  it('are pooled by the hash of those that choose no partition', () => {
    // The first 32 bits of SHA-256: `printf acme | sha256sum` begins with 822b33ad.
    const [acme] = placeInPools([{ ...fields, id: 'acme' }], { QUEUES: 'pooled', PARTITIONS: 7 })
    expect(acme?.pool).toBe(`p0${0x822b33ad % 7}`)
  })

  it('are one for each tenant otherwise', () => {
    const placed = placeInPools([...tenants, atAmazonMq], { QUEUES: 'own', PARTITIONS: 4 })
    expect(placed).toStrictEqual([...tenants, atAmazonMq])
  })

  it('are not pooled at Amazon MQ', () => {
    const place = () => placeInPools([...tenants, atAmazonMq], { QUEUES: 'pooled', PARTITIONS: 4 })
    expect(place).toThrow(expect.objectContaining({ code: 'pooled-amazon-mq' }))
    expect(place).toThrow('Tenant mq of the cell main has a "broker"')
  })
})

it("the settings of a cell's queues are read from its environment", () => {
  const settings = z.object(queueVariables)
  expect(settings.parse({})).toEqual({ QUEUES: 'own', PARTITIONS: 16 })
  expect(settings.parse({ QUEUES: 'pooled', PARTITIONS: '1' })).toEqual({
    QUEUES: 'pooled',
    PARTITIONS: 1,
  })
  for (const wrong of [{ QUEUES: 'shared' }, { PARTITIONS: '0' }, { PARTITIONS: '1.5' }]) {
    expect(settings.safeParse(wrong).success).toBe(false)
  }
})
