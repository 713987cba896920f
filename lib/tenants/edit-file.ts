import {
  type Document,
  isAlias,
  isMap,
  parseDocument,
  type ToStringOptions,
  type YAMLMap,
} from 'yaml'
import { EcosError } from '../errors.ts'
import { parseTenants } from './tenants-file.ts'

/** A tenants.yml: its text, and its name for errors. */
export interface TenantsText {
  readonly text: string
  readonly file: string
}

/** Fields of a tenant as tenants.yml has them. Undefined ones are left out. */
export type TenantFields = Readonly<Record<string, unknown>>

/**
 * Adds a tenant at the end.
 *
 * @returns the new text, with all comments
 * @throws EcosError `tenant-exists`, `invalid-tenants`
 */
export function addTenant(file: TenantsText, id: string, fields: TenantFields): string {
  return edit(file, id, (tenants, document) => {
    if (tenants.has(id)) {
      throw new EcosError('tenant-exists', `${file.file} has the tenant ${id} already`)
    }
    const given = Object.entries(fields).filter(([, value]) => value !== undefined)
    // A comment after the last entry belongs to the file, not to the tenant that follows now.
    const trailing = tenants.comment
    tenants.comment = null
    tenants.add(document.createPair(id, Object.fromEntries(given)))
    if (trailing) document.comment = [trailing, document.comment].filter(Boolean).join('\n')
  })
}

/** @throws EcosError `unknown-tenant`, `invalid-tenants` */
export function removeTenant(file: TenantsText, id: string): string {
  return edit(file, id, (tenants) => {
    requireTenant(file, tenants, id)
    tenants.delete(id)
  })
}

/**
 * Sets fields of a tenant, and removes those that are undefined.
 *
 * @throws EcosError `unknown-tenant`, `invalid-tenants`
 */
export function changeTenant(file: TenantsText, id: string, fields: TenantFields): string {
  return edit(file, id, (tenants, document) => {
    requireTenant(file, tenants, id)
    const entry = tenants.get(id, true)
    // An alias becomes a copy: its anchor is another tenant's.
    if (isAlias(entry)) tenants.set(id, document.createNode(entry.toJS(document)))
    else if (!isMap(entry)) tenants.set(id, document.createNode({}))
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) tenants.deleteIn([id, name])
      else tenants.setIn([id, name], document.createNode(value))
    }
  })
}

function requireTenant({ file }: TenantsText, tenants: YAMLMap, id: string): void {
  if (tenants.has(id)) return
  throw new EcosError('unknown-tenant', `${file} has no tenant "${id}": see "tenants list"`)
}

/** Edits a valid file into another valid one, in which every other tenant is as it was. */
function edit(
  { text: written, file }: TenantsText,
  id: string,
  change: (tenants: YAMLMap, document: Document) => void,
): string {
  const isOfWindows = written.includes('\r\n') && !/(?<!\r)\n/.test(written)
  const text = isOfWindows ? written.replaceAll('\r\n', '\n') : written
  const others = othersThan(id, text, file)
  // The parser has found repeated keys.
  const document = parseDocument(text, { uniqueKeys: false })
  const style = styleOf(document, text)
  change(document.get('tenants') as YAMLMap, document)
  const edited = textOf(document, style)
  if (edited === undefined || othersThan(id, edited, file) !== others) {
    throw new EcosError(
      'invalid-tenants',
      `Other tenants of ${file} use an anchor (&) of ${id}: edit the file by hand`,
    )
  }
  return isOfWindows ? edited.replaceAll('\n', '\r\n') : edited
}

function othersThan(id: string, text: string, file: string): string {
  return JSON.stringify(parseTenants(text, file).filter((tenant) => tenant.id !== id))
}

/** @returns undefined if an anchor is gone that is still in use */
function textOf(document: Document, style: ToStringOptions): string | undefined {
  try {
    return document.toString(style)
  } catch {
    return undefined
  }
}

const flags = [true, false]
const styles = flags.flatMap((indentSeq) =>
  flags.map((flowCollectionPadding) => ({ lineWidth: 0, indentSeq, flowCollectionPadding })),
)

/** The style in which the file is written, so that an edit changes as few other lines as can be. */
function styleOf(document: Document, text: string): ToStringOptions {
  const lines = new Set(text.split('\n'))
  const changedBy = (style: ToStringOptions) =>
    document
      .toString(style)
      .split('\n')
      .filter((line) => !lines.has(line)).length
  const [usual] = styles as [ToStringOptions]
  if (changedBy(usual) === 0) return usual
  return styles.reduce((best, style) => (changedBy(style) < changedBy(best) ? style : best))
}
