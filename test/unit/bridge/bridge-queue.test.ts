import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type BridgeQueue,
  bridgeQueues,
  labelOf,
  noTenant,
  withBypasses,
} from '../../../lib/bridge/bridge-queue.ts'
import { topologiesOf } from '../../../lib/bridge/topology.ts'
import { placeInPools } from '../../../lib/tenants/pools.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const yaml = `tenants:
  acme: { events: [task.create], partition: 1 }
  globex: { events: [task.create], partition: 1 }
  moved: { events: [task.create], partition: 2 }
  alone: { events: [task.create], partition: own }
`
const tenants = parseTenants(yaml, 'tenants.yml')
const queuesWith = (QUEUES: 'own' | 'pooled') =>
  bridgeQueues(placeInPools(tenants, { QUEUES, PARTITIONS: 16 }).flatMap(topologiesOf))

describe('queues of their own', () => {
  it('are one for each tenant, whose is all that they hold', () => {
    const queues = queuesWith('own')
    expect(queues.map(labelOf)).toEqual(['acme', 'globex', 'moved', 'alone'])
    const [acme] = queues
    for (const exchange of ['', 'amq.topic', 'tenant.globex.events', 'tenant.globex.eventbridge']) {
      expect(acme?.attribute({ exchange, routingKey: 'task.create' })).toMatchObject({
        tenant: 'acme',
        exchange,
      })
    }
  })
})

describe('pools', () => {
  it('are one queue for the tenants of a partition', () => {
    const names = queuesWith('pooled').map(({ name, topologies }) => [
      name,
      topologies.map(({ tenant }) => tenant),
    ])
    expect(names).toEqual([
      ['cell.main.p01.eventbridge', ['acme', 'globex']],
      ['cell.main.p02.eventbridge', ['moved']],
      ['cell.main.own-alone.eventbridge', ['alone']],
    ])
  })

  it('have a bypass each, unless nobody shares them, which counts with its pool', () => {
    const bypasses = queuesWith('pooled').map(({ bypass }) => bypass)
    expect(bypasses.map((bypass) => bypass?.name)).toEqual([
      'cell.main.p01.bypass.eventbridge',
      'cell.main.p02.bypass.eventbridge',
      undefined,
    ])
    const [bypass] = bypasses as [BridgeQueue]
    expect(bypass.deadLetterQueue).toBe(`${bypass.name}.dead-letter`)
    expect(labelOf(bypass)).toBe('cell.main.p01.eventbridge')
    expect(bypass.attribute({ exchange: 'tenant.globex.events', routingKey: '' })).toMatchObject({
      tenant: 'globex',
    })
  })

  it('know a tenant by its exchange, in whichever pool its message is', () => {
    for (const pool of queuesWith('pooled')) {
      for (const { id } of tenants) {
        const published = { exchange: `tenant.${id}.events`, routingKey: 'task.create' }
        const sentBack = { exchange: `tenant.${id}.eventbridge`, routingKey: 'task.create' }
        const attribution = { tenant: id, entrance: `tenant.${id}.eventbridge`, ...published }
        expect(pool.attribute(published)).toEqual(attribution)
        expect(pool.attribute(sentBack)).toEqual(attribution)
      }
    }
  })

  it('know a tenant that has moved to another cell: what comes is still its own', () => {
    const placed = placeInPools(tenants, { QUEUES: 'pooled', PARTITIONS: 16 })
    const [acme, ...others] = placed.map(topologiesOf)
    const pools = bridgeQueues(others.flat(), acme)
    expect(pools.map(({ topologies }) => topologies.map(({ tenant }) => tenant))).toEqual([
      ['globex'],
      ['moved'],
      ['alone'],
    ])
    const published = { exchange: 'tenant.acme.events', routingKey: 'task.create' }
    for (const pool of pools) expect(pool.attribute(published)).toMatchObject({ tenant: 'acme' })
  })

  it('know no tenant by any other exchange: it can not be sent back to any', () => {
    const [pool] = queuesWith('pooled')
    const known = tenants.flatMap(({ id }) => [`tenant.${id}.events`, `tenant.${id}.eventbridge`])
    fc.assert(
      fc.property(fc.string(), fc.string(), (exchange, routingKey) => {
        fc.pre(!known.includes(exchange))
        expect(pool?.attribute({ exchange, routingKey })).toEqual({
          tenant: noTenant,
          exchange,
          routingKey,
        })
      }),
      { examples: ['', 'tenant.acme', 'cell.main.p01.eventbridge'].map((name) => [name, 'acme']) },
    )
  })
})

it('a message of the default exchange is one still, after it was sent back', () => {
  const [acme] = queuesWith('own')
  expect(acme?.attribute({ exchange: 'tenant.acme.eventbridge', routingKey: '' })).toMatchObject({
    exchange: '',
    routingKey: 'tenant.acme.eventbridge',
  })
})

it('pools are refused for a tenant whose queue Lambda consumes: it does not tell the exchange', () => {
  const amazonMq = 'arn:aws:mq:eu-central-1:123456789012:broker:one:b-9bcfa592'
  const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:broker-AbCdEf'
  const served = parseTenants(
    `brokers: { one: { amazonMq: "${amazonMq}", secret: "${secret}" } }\ntenants: { acme: { broker: one } }`,
    'tenants.yml',
  )
  expect(() => placeInPools(served, { QUEUES: 'pooled', PARTITIONS: 16 })).toThrow(
    expect.objectContaining({ code: 'pooled-amazon-mq', message: expect.stringContaining('acme') }),
  )
  expect(placeInPools(served, { QUEUES: 'own', PARTITIONS: 16 })).toEqual(served)
})

it('queues are listed with the bypasses behind their pools', () => {
  expect(withBypasses(queuesWith('pooled')).map(({ name }) => name)).toEqual([
    'cell.main.p01.eventbridge',
    'cell.main.p01.bypass.eventbridge',
    'cell.main.p02.eventbridge',
    'cell.main.p02.bypass.eventbridge',
    'cell.main.own-alone.eventbridge',
  ])
  const own = queuesWith('own')
  expect(withBypasses(own)).toEqual(own)
})

it('a message of the default exchange that was sent back to a pool is the queue’s', () => {
  const [pool] = queuesWith('pooled')
  expect(pool?.attribute({ exchange: 'tenant.acme.eventbridge', routingKey: '' })).toEqual({
    tenant: 'acme',
    entrance: 'tenant.acme.eventbridge',
    exchange: '',
    routingKey: 'cell.main.p01.eventbridge',
  })
})
