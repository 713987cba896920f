import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  type Node,
  parseDocument,
  type ToStringOptions,
  type YAMLMap,
} from 'yaml'
import { EcosError } from '../errors.ts'
import { copyFields, cutLines, partWith, type TenantLines, tenantLines } from './tenant-lines.ts'
import { parseTenants, type Tenant } from './tenants-file.ts'

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
    // A comment after the last entry belongs to the file, not to the tenant that follows now.
    const trailing = tenants.comment
    tenants.comment = null
    // The first tenant after "tenants: {}" has lines of its own, and room for comments.
    if (tenants.items.length === 0) tenants.flow = false
    tenants.add(document.createPair(id, fields))
    document.comment = [trailing, document.comment].filter(Boolean).join('\n')
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
    const own = isAlias(entry) ? copyOf(entry, document) : entry
    tenants.set(id, isMap(own) ? own : emptyLike(entry, document))
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) tenants.deleteIn([id, name])
      // A plain scalar in the place of a scalar keeps the comment beside it.
      else tenants.setIn([id, name], value)
    }
  })
}

/** The comment beside an alias stays with the tenant. */
function copyOf(alias: Alias, document: Document): Node {
  const copy = document.createNode(alias.toJS(document)) as Node
  copy.commentBefore = alias.comment ?? null
  return copy
}

/** A tenant without fields may have a comment beside it. */
function emptyLike(entry: unknown, document: Document): Node {
  const map = document.createNode({})
  if (isNode(entry)) map.commentBefore = entry.comment ?? null
  return map
}

function requireTenant({ file }: TenantsText, tenants: YAMLMap, id: string): void {
  if (tenants.has(id)) return
  throw new EcosError('unknown-tenant', `${file} has no tenant "${id}": see "tenants list"`)
}

type Edit = (tenants: YAMLMap, document: Document) => void

/** Edits a valid file into another valid one, in which every other tenant is as it was. */
function edit({ text: written, file }: TenantsText, id: string, change: Edit): string {
  const isOfWindows = written.includes('\r\n') && !/(?<!\r)\n/.test(written)
  const text = isOfWindows ? written.replaceAll('\r\n', '\n') : written
  const others = othersThan(id, parseTenants(text, file))
  const edited = editLines(text, file, id, change)
  if (edited !== undefined && othersThan(id, edited.tenants) === others) return textOf(edited.text)
  const whole = editDocument(text, change)
  if (whole !== undefined && othersThan(id, parseTenants(whole, file)) === others) {
    return textOf(whole)
  }
  throw new EcosError(
    'invalid-tenants',
    `Other tenants of ${file} use an anchor (&) of ${id}: edit the file by hand`,
  )

  function textOf(result: string): string {
    return isOfWindows ? result.replaceAll('\n', '\r\n') : result
  }
}

function othersThan(id: string, tenants: readonly Tenant[]): string {
  return JSON.stringify(tenants.filter((tenant) => tenant.id !== id))
}

/**
 * Edits the lines of one tenant, so that every other line and comment stays as it is.
 *
 * @returns undefined where this is not possible: tenants without lines of their own, an alias, a fault
 */
function editLines(text: string, file: string, id: string, change: Edit) {
  const lines = tenantLines(text)
  const own = (of: string) => JSON.stringify(parseTenants(of, file).find((one) => one.id === id))
  try {
    const part = editDocument(partWith(id, text, lines), change) ?? ''
    const edited = withFieldsOf(text, lines, id, part)
    if (edited === undefined) return undefined
    const tenants = parseTenants(edited, file)
    const isSame = JSON.stringify(tenants.find((one) => one.id === id)) === own(part)
    return isSame ? { text: edited, tenants } : undefined
  } catch {
    return undefined
  }
}

function withFieldsOf(
  text: string,
  tenants: ReadonlyMap<string, TenantLines>,
  id: string,
  edited: string,
): string | undefined {
  const old = tenants.get(id)
  const now = tenantLines(edited).get(id)
  if (now === undefined) return old && cutTenant(text, old, tenants.size === 1)
  const last = [...tenants.values()].at(-1)
  const at = old ?? (last && { ...last, key: last.end, contentEnd: last.end })
  return at && copyFields(text, at, { text: edited, at: now })
}

function cutTenant(text: string, lines: TenantLines, isLast: boolean): string {
  const cut = cutLines(text, lines)
  return isLast ? cut.replace(/^tenants *:/m, '$& {}') : cut
}

/** @returns undefined if an anchor is gone that is still in use */
function editDocument(text: string, change: Edit): string | undefined {
  // The parser has found repeated keys.
  const document = parseDocument(text, { uniqueKeys: false })
  const style = styleOf(document, text)
  change(document.get('tenants') as YAMLMap, document)
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
