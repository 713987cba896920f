import { expect, it } from '@jest/globals'
import { placeOfOtherTenant } from '../../../lib/bridge/named-tenant.ts'
import type { EcosEvent } from '../../../lib/events/event.ts'

const event: EcosEvent = { tenant: 'acme', type: 'task.create', id: '1', data: Buffer.from('{}') }

/** Where such a message names another tenant than acme. */
function placeIn(exchange: string | undefined, headers?: unknown, namesOtherTenant?: boolean) {
  const message = {
    ...{ tenant: 'acme', queue: 'tenant.acme.eventbridge', redelivered: false },
    ...(exchange !== undefined && { exchange }),
    properties: { headers },
    body: Buffer.of(),
  }
  const read = namesOtherTenant === undefined ? event : { ...event, namesOtherTenant }
  return placeOfOtherTenant(message, read)
}

it.each<[string, string | undefined]>([
  ['its own exchange', 'tenant.acme.events'],
  ['no exchange', undefined],
  ['the default exchange', ''],
  ['an exchange of no tenant', 'amq.topic'],
  ['an exchange that only begins like a tenant’s', 'tenant.globex.events.old'],
  ['an exchange that only ends like a tenant’s', 'old.tenant.globex.events'],
  ['an exchange of events of no tenant', 'tenant..events'],
])('a message through %s names no other tenant', (_, exchange) => {
  expect(placeIn(exchange)).toBeUndefined()
  expect(placeIn(exchange, { tenant: 'acme' }, false)).toBeUndefined()
})

it('a message names another tenant by its exchange first, then by its headers, then by its body', () => {
  const headers = { tenantId: 'globex' }
  expect(placeIn('tenant.globex.events', headers, true)).toBe('exchange')
  expect(placeIn('tenant.two\nlines.events')).toBe('exchange')
  expect(placeIn('tenant.acme.events', headers, true)).toBe('headers')
  expect(placeIn('tenant.acme.events', {}, true)).toBe('body')
})
