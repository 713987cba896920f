import type { EcosEvent } from '../events/event.ts'
import { nameOtherTenant } from '../events/other-tenant.ts'
import type { QueuedMessage } from './message.ts'

/** The exchange of events 1.0. */
export const tenantExchange = /^tenant\.(.+)\.events$/s

/**
 * Finds where a message names another tenant. That changes nothing, but somebody published the message, or bound
 * the queue, in the wrong place. The name itself may be any text, so it is not for the log.
 */
export function placeOfOtherTenant(
  { tenant, exchange = '', properties }: QueuedMessage,
  { namesOtherTenant = false }: EcosEvent,
): 'exchange' | 'headers' | 'body' | undefined {
  // Its own exchange needs no search.
  if (exchange !== `tenant.${tenant}.events` && tenantExchange.test(exchange)) return 'exchange'
  const { headers } = properties as { readonly headers?: unknown }
  if (nameOtherTenant(tenant, headers)) return 'headers'
  return namesOtherTenant ? 'body' : undefined
}
