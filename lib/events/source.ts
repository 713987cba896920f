import { tenantName, unescapeTenant } from '../tenant-name.ts'

/** EventBridge allows 256 characters of `/.-_A-Za-z0-9` (API reference of the Custom Event Bus, PutEvents). */
const maxLength = 256

/** What the sources of all tenants start with. */
export const sourcePrefix = 'ecos.'

/** The `Source` of a tenant's events on the bus: `ecos.<tenant>`. */
export function sourceOf(tenant: string): string {
  return sourcePrefix + tenantName(tenant, maxLength - sourcePrefix.length)
}

/** The tenant of a `Source`; undefined if it is not a tenant's, or so long that a hash stands for its end. */
export function tenantOfSource(source: string): string | undefined {
  if (!source.startsWith(sourcePrefix)) return undefined
  return unescapeTenant(source.slice(sourcePrefix.length))
}

/**
 * Whose an event from the bus is. IAM restricts a sender's `Source` and nothing in `Detail`, so the source decides.
 *
 * @param named the tenant that the event's detail names
 * @returns undefined if the source is no tenant's, or so long that only a name that fits would tell
 */
export function tenantOfSender(source: string, named: string): string | undefined {
  return source === sourceOf(named) ? named : tenantOfSource(source)
}
