import { writeFileSync } from 'node:fs'
import { EcosError } from '../../lib/errors.ts'
import { type CellUse, useOf } from '../../lib/tenants/cell-use.ts'
import {
  addTenant,
  changeTenant,
  removeTenant,
  type TenantsText,
} from '../../lib/tenants/edit-file.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { type OutputOptions, printResult } from './output.ts'
import { readTenantsText } from './tenants-file.ts'
import { print, table } from './text.ts'
import type { WatchOptions } from './watch.ts'

interface FileOptions {
  readonly tenants: string
  readonly partitions: number
  readonly json?: boolean
}

export type ListOptions = FileOptions & OutputOptions & WatchOptions

interface EditOptions extends FileOptions {
  readonly tenant: string
}

interface AddOptions extends EditOptions {
  readonly cell: string
  readonly events?: readonly string[]
  readonly locale?: string
  readonly partition?: number | string
}

interface MoveOptions extends EditOptions {
  readonly toPartition?: number | string
  readonly toCell?: string
}

export function list(options: ListOptions): void {
  const { partitions } = options
  const { text, file } = readFile(options)
  const tenants = parseTenants(text, file)
  const uses = cellsOf(tenants).map((cell) => useOf(tenants, cell, partitions))
  printResult(options, { tenants, cells: uses }, () => listText(tenants, uses))
}

function listText(tenants: readonly Tenant[], uses: readonly CellUse[]): string {
  const rows = tenants.map(({ id, cell, partition = 'hash', locale, events, broker }) => {
    return [cell, id, String(partition), locale, String(events.length), broker?.name ?? '']
  })
  rows.sort(([one = ''], [other = '']) => (one < other ? -1 : one > other ? 1 : 0))
  const tenantsTable = table(['cell', 'tenant', 'partition', 'locale', 'types', 'broker'], rows)
  return `${tenantsTable}\n\n${useText(uses)}`
}

export function add(options: AddOptions): void {
  const { tenant, cell, events, locale, partition } = options
  const fields = {
    locale,
    cell: cell === 'main' ? undefined : cell,
    partition: partition === 'hash' ? undefined : partition,
    events,
  }
  save(options, (file) => addTenant(file, tenant, fields), [cell])
}

export function remove(options: EditOptions): void {
  save(options, (file) => removeTenant(file, options.tenant), [])
}

/** @throws EcosError `not-asked` without a place to move to */
export function move(options: MoveOptions): void {
  const { tenant, toPartition, toCell } = options
  if (toPartition === undefined && toCell === undefined) {
    throw new EcosError('not-asked', 'Say where to: --to-partition, --to-cell or both')
  }
  const fields = {
    ...(toPartition !== undefined && {
      partition: toPartition === 'hash' ? undefined : toPartition,
    }),
    ...(toCell !== undefined && { cell: toCell === 'main' ? undefined : toCell }),
  }
  save(options, (file) => changeTenant(file, tenant, fields), [])
}

/** Writes the edited file, and says which cells it is to be applied to. */
function save(
  options: EditOptions,
  edit: (file: TenantsText) => string,
  touched: readonly string[],
): void {
  const { partitions } = options
  const before = readFile(options)
  const text = edit(before)
  const [old, tenants] = [parseTenants(before.text, before.file), parseTenants(text, before.file)]
  const own = [...old, ...tenants].filter(({ id }) => id === options.tenant)
  const cells = [...new Set([...touched, ...cellsOf(own)])]
  // A cell that AWS would refuse is refused before the file is written.
  const uses = cells.map((cell) => useOf(tenants, cell, partitions))
  writeFileSync(options.tenants, text)
  if (options.json) {
    print(JSON.stringify({ cells: uses }))
    return
  }
  print(`${options.tenants} is written\n\n${useText(uses)}\n\nNext:`)
  for (const cell of cells) {
    print(`  npx ecos-eventbridge tenants plan --cell ${cell}    # shows what would change`)
    print(`  npx ecos-eventbridge tenants apply --cell ${cell}   # makes the change`)
  }
}

function useText(uses: readonly CellUse[]): string {
  return table(['cell', 'tenants', 'rules', 'resources'], uses.map(useRow))
}

function useRow({ cell, tenants, rules, resources }: CellUse): string[] {
  const share = ({ used, limit }: CellUse['rules']) => `${used} of ${limit}`
  return [cell, String(tenants), share(rules), share(resources)]
}

function cellsOf(tenants: readonly Tenant[]): string[] {
  return [...new Set(tenants.map(({ cell }) => cell))].sort()
}

function readFile({ tenants: file }: FileOptions): TenantsText {
  return { text: readTenantsText(file), file }
}
