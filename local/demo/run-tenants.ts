import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { stringify } from 'yaml'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import type { SampleMessage } from './events-file.ts'

/** The tenants of tenants.yml. */
export async function readTenants(path: string): Promise<Tenant[]> {
  return parseTenants(await readFile(path, 'utf8'), path)
}

/** Adds the tenants of the messages, with all event types turned on. */
export function withTenantsMet(
  tenants: readonly Tenant[],
  messages: readonly SampleMessage[],
  cell: string,
): Tenant[] {
  const known = new Map(tenants.map((tenant) => [tenant.id, tenant]))
  for (const { tenant: id } of messages) {
    const { events, locale } = known.get(id) ?? { events: [], locale: 'ru' }
    known.set(id, { id, locale, cell, events: [...new Set([...events, ...eventTypes])] })
  }
  return [...known.values()]
}

/** Writes the tenants.yml of this run. */
export async function writeTenants(path: string, tenants: readonly Tenant[]): Promise<void> {
  // Every tenant is at the one local broker here.
  const entries = tenants.map(({ id, broker, ...entry }) => [id, entry])
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, stringify({ tenants: Object.fromEntries(entries) }))
}
