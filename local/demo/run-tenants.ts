import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Document, isMap, isNode, parseDocument, stringify } from 'yaml'
import { readTenantsText } from '../../bin/commands/tenants-file.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import type { SampleMessage } from './events-file.ts'

/** The tenants of a tenants.yml. */
export async function readTenants(path: string): Promise<Tenant[]> {
  return parseTenants(readTenantsText(path), path)
}

/** Writes a tenants.yml of tenants that have none of their own, as those of a benchmark. */
export async function writeTenants(path: string, tenants: readonly Tenant[]): Promise<void> {
  const entries = tenants.map(({ id, ...entry }) => [id, entry])
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, stringify({ tenants: Object.fromEntries(entries) }))
}

/** A run's tenants.yml, `into`, and the project's, `from`. */
export interface RunTenants {
  readonly from: string
  readonly into: string
}

/**
 * Writes the tenants.yml of a run: the project's, in which the tenants of the messages are in the cell, with all
 * event types turned on.
 */
export function writeRunTenants(
  { from, into }: RunTenants,
  messages: readonly SampleMessage[],
  cell: string,
): { tenants: Tenant[]; ofProject: string[] } {
  const { document, tenants: known } = readProject(from)
  const eventsOf = new Map(known.map(({ id, events }) => [id, events]))
  for (const id of new Set(messages.map(({ tenant }) => tenant))) {
    const node = document.getIn(['tenants', id], true)
    const entry = isNode(node) ? node.toJS(document) : undefined
    const events = [...new Set([...(eventsOf.get(id) ?? []), ...eventTypes])]
    document.setIn(['tenants', id], document.createNode({ ...entry, cell, events }))
  }
  return { tenants: write(into, document), ofProject: known.map(({ id }) => id) }
}

/**
 * Brings a run's tenants.yml up to the project's. Tenants from elsewhere stay: those of the published messages, and
 * those that `tenants add` wrote.
 *
 * @param before the project's tenants that the run's file has
 * @returns the project's tenants that it has now
 */
export function updateRunTenants(
  { from, into }: RunTenants,
  before: readonly string[],
): { ofProject: string[] } {
  const { document, tenants } = readProject(from)
  const ofProject = tenants.map(({ id }) => id)
  const written = parseDocument(readTenantsText(into))
  for (const [id, entry] of entriesOf(written)) {
    if (before.includes(id) || ofProject.includes(id)) continue
    document.setIn(['tenants', id], document.createNode(entry))
  }
  write(into, document)
  return { ofProject }
}

/** Without brokers: every tenant is at the one local broker. */
function readProject(path: string): { document: Document; tenants: Tenant[] } {
  const text = readTenantsText(path)
  const tenants = parseTenants(text, path)
  const document: Document = parseDocument(text)
  document.delete('brokers')
  for (const { id } of tenants) {
    if (isMap(document.getIn(['tenants', id]))) document.deleteIn(['tenants', id, 'broker'])
  }
  return { document, tenants }
}

function entriesOf(document: Document): Map<string, unknown> {
  const { tenants } = Object.fromEntries(document.toJS({ mapAsMap: true }))
  return tenants ?? new Map()
}

function write(path: string, document: Document): Tenant[] {
  const text = String(document)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return parseTenants(text, path)
}
