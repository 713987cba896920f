import { expect, it } from '@jest/globals'
import {
  deadLetterQueueArguments,
  deliveryLimit,
  events2Topology,
  ownTopologyOf,
  queueArguments,
  queuesIn,
  topologiesOf,
  topologyOf,
} from '../../../lib/bridge/topology.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const [acme] = parseTenants('tenants: { acme: { events: [task.create] } }', 'tenants.yml')
if (!acme) throw new Error('no tenant')
const topology = topologyOf(acme)

it('what is delivered too often is set aside in the dead-letter queue', () => {
  expect(queueArguments(topology)).toMatchObject({
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-routing-key': topology.deadLetterQueue,
    // Without it, what the broker sets aside while the dead-letter queue has no leader is lost.
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  })
})

// The broker of the tests, before 4.0, has no limit of its own, so that a test there would see nothing.
it('what was set aside may be looked at again and again: no default of the broker drops it', () => {
  expect(deadLetterQueueArguments['x-delivery-limit']).toBeGreaterThan(1_000_000)
})

const allTypes = [
  ...['task.create', 'task.assign', 'task.complete', 'task.delete', 'comment.added'],
  ...['record.create', 'record.update', 'record-created', 'record-changed', 'record-deleted'],
  'record-status-changed',
]
const others = (...bound: string[]) => allTypes.filter((type) => !bound.includes(type))

it('a tenant has a queue of its own, with its types bound and all others unbound', () => {
  const expected = {
    tenant: 'acme',
    wire: '1.0',
    exchange: 'tenant.acme.events',
    entrance: 'tenant.acme.eventbridge',
    queue: 'tenant.acme.eventbridge',
    deadLetterQueue: 'tenant.acme.eventbridge.dead-letter',
    bind: ['task.create'],
    unbind: others('task.create'),
  }
  expect(topology).toEqual(expected)
  expect(topologiesOf(acme)).toEqual([expected])
  expect(queuesIn(topology)).toEqual([topology])
})

it('a tenant of a pool reaches its queue over its own entrance, and the bypass of those who share it', () => {
  const pooled = topologyOf({ ...acme, pool: 'p03' })
  expect(pooled).toEqual({
    ...topology,
    entrance: 'tenant.acme.eventbridge',
    pool: 'cell.main.p03.eventbridge',
    queue: 'cell.main.p03.eventbridge',
    deadLetterQueue: 'cell.main.p03.eventbridge.dead-letter',
    bypass: {
      queue: 'cell.main.p03.bypass.eventbridge',
      deadLetterQueue: 'cell.main.p03.bypass.eventbridge.dead-letter',
    },
  })
  expect(queuesIn(pooled)).toEqual([pooled, pooled.bypass])
  const alone = topologyOf({ ...acme, pool: 'own-acme' })
  expect(alone).not.toHaveProperty('bypass')
  expect(alone.queue).toBe('cell.main.own-acme.eventbridge')
  expect(ownTopologyOf({ ...acme, pool: 'p03' })).toEqual(topology)
})

it('a tenant of both wires gets what both announce over 2.0 alone', () => {
  const events = ['task.create', 'record.create', 'record.update'] as const
  const interest = { attributes: [] }
  const both = {
    ...acme,
    events,
    events2: { target: 'eco.bridge', interests: { 'record-created': interest }, only: false },
  }
  const second = {
    tenant: 'acme',
    wire: '2.0',
    exchange: 'ecos-events',
    entrance: 'eco_u002E_bridge',
    queue: 'eco_u002E_bridge',
    deadLetterQueue: 'eco_u002E_bridge.dead-letter',
    bind: ['eco_u002E_bridge'],
    unbind: [],
  }
  const bind = ['task.create', 'record.update']
  expect(topologiesOf(both)).toEqual([{ ...topology, bind, unbind: others(...bind) }, second])
  expect(topologiesOf({ ...both, events2: { ...both.events2, only: true } })).toEqual([second])
  const changed = { 'record-changed': interest }
  expect(topologyOf({ ...both, events2: { ...both.events2, interests: changed } }).bind).toEqual([
    'task.create',
    'record.create',
  ])
})

it('queues are replicated, and those of events 2.0 have one consumer at a time', () => {
  const ordered = queueArguments(events2Topology('acme', 'bridge'))
  expect(ordered).toEqual({
    ...queueArguments(topology),
    'x-single-active-consumer': true,
    'x-dead-letter-routing-key': 'bridge.dead-letter',
  })
  expect(queueArguments(topology)).toMatchObject({
    'x-queue-type': 'quorum',
    // The default exchange: the routing key is the queue.
    'x-dead-letter-exchange': '',
  })
  expect(queueArguments(topology)).not.toHaveProperty('x-single-active-consumer')
  expect(deadLetterQueueArguments['x-queue-type']).toBe('quorum')
})
