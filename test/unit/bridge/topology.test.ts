import { expect, it } from '@jest/globals'
import {
  deadLetterQueueArguments,
  deliveryLimit,
  queueArguments,
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
