import { EcosError } from '../../lib/errors.ts'
import { useOf } from '../../lib/tenants/cell-use.ts'
import {
  addTenant,
  changeTenant,
  removeTenant,
  type TenantsText,
} from '../../lib/tenants/edit-file.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { fault, say } from '../say.ts'
import { editTenantsFile } from './edit-tenants-file.ts'
import { type OutputOptions, printResult } from './output.ts'
import { table } from './table.ts'
import { findTenant, readTenantsText } from './tenants-file.ts'
import { nextText, type Room, type RoomOptions, roomOf, roomText } from './tenants-room.ts'
import { print } from './text.ts'
import type { WatchOptions } from './watch.ts'

interface FileOptions extends RoomOptions {
  readonly tenants: string
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
  const { text, file } = readFile(options)
  const tenants = parseTenants(text, file)
  const room = roomOf(tenants, cellsOf(tenants), options)
  printResult(options, { tenants, ...room }, () => listText(tenants, room))
}

function listText(tenants: readonly Tenant[], room: Room): string {
  const rows = tenants.map(({ id, cell, movingTo, partition = 'hash', locale, events, broker }) => {
    const cells = movingTo ? `${cell} > ${movingTo}` : cell
    return [cells, id, String(partition), locale, String(events.length), broker?.name ?? '']
  })
  rows.sort(([one = ''], [other = '']) => (one < other ? -1 : one > other ? 1 : 0))
  const tenantsTable = table(['cell', 'tenant', 'partition', 'locale', 'types', 'broker'], rows)
  return `${tenantsTable}\n\n${roomText(room)}`
}

export async function add(options: AddOptions): Promise<void> {
  const { tenant, cell, events, locale, partition } = options
  const fields = {
    locale,
    cell: cell === 'main' ? undefined : cell,
    partition: partition === 'hash' ? undefined : partition,
    events,
  }
  await save(options, (file) => addTenant(file, tenant, fields), [cell])
}

export async function remove(options: EditOptions): Promise<void> {
  const { tenant } = options
  await save(
    options,
    (file) => {
      refuseMoving(find(file, tenant))
      return removeTenant(file, tenant)
    },
    [],
  )
}

/** @throws EcosError `unknown-tenant` */
function find({ text, file }: TenantsText, tenant: string): Tenant {
  return findTenant(parseTenants(text, file), tenant, file)
}

/** Notifications may be in both cells: who forgot the move would forget them. */
function refuseMoving({ id, cell, movingTo }: Tenant): void {
  if (movingTo === undefined) return
  throw new EcosError(
    'tenant-moving',
    `${id} is on its way from ${cell} to ${movingTo}: complete the move ("tenants carry"), or give it up ` +
      `("tenants stay --tenant ${id}"), first`,
  )
}

/** @throws EcosError `not-asked` without a place to move to; `unknown-tenant`, `tenant-moving` */
export async function move(options: MoveOptions): Promise<void> {
  const { tenant, toPartition, toCell } = options
  if (toPartition === undefined && toCell === undefined) {
    throw fault('not-asked', 'Say where to: --to-partition, --to-cell or both')
  }
  const fields = {
    ...(toPartition !== undefined && {
      partition: toPartition === 'hash' ? undefined : toPartition,
    }),
  }
  const movingTo = (file: TenantsText) => {
    const current = find(file, tenant)
    if (toCell === undefined) return {}
    if (toCell !== current.movingTo) refuseMoving(current)
    return { movingTo: toCell === current.cell ? undefined : toCell }
  }
  await save(options, (file) => changeTenant(file, tenant, { ...fields, ...movingTo(file) }), [])
}

/** Writes the edited file, and says which cells it is to be applied to. */
async function save(
  options: EditOptions,
  edit: (file: TenantsText) => string,
  touched: readonly string[],
): Promise<void> {
  const { tenants: file, tenant: id } = options
  const { cells, room, isMoving } = await editTenantsFile(file, (before) => {
    const text = edit({ text: before, file })
    const [old, tenants] = [parseTenants(before, file), parseTenants(text, file)]
    const own = [...old, ...tenants].filter((tenant) => tenant.id === id)
    const cells = [...new Set([...touched, ...cellsOf(own)])]
    // A cell that AWS would refuse is refused before the file is written.
    const room = roomOf(tenants, cells, options)
    refuseFullCell(tenants, id, options)
    const isMoving = tenants.some((one) => one.id === id && one.movingTo !== undefined)
    return { text, cells, room, isMoving }
  })
  if (options.json) {
    print(JSON.stringify(room))
    return
  }
  print(`${say('{file} is written', { file })}\n\n${nextText(room)}\n\n${say('Next:')}`)
  for (const cell of cells) {
    print(
      `  npx ecos-eventbridge tenants plan --cell ${cell}    # ${say('shows what would change')}`,
    )
    print(`  npx ecos-eventbridge tenants apply --cell ${cell}   # ${say('makes the change')}`)
  }
  if (isMoving) print(`  npx ecos-eventbridge tenants carry --tenant ${JSON.stringify(id)} …`)
}

/** The cell to which a tenant moves must be able to take it when it comes. */
function refuseFullCell(
  tenants: readonly Tenant[],
  id: string,
  { partitions, reservedRules }: RoomOptions,
): void {
  const target = tenants.find((tenant) => tenant.id === id)?.movingTo
  if (target === undefined) return
  const arrived = tenants.map(({ movingTo, cell, ...tenant }) => {
    return { ...tenant, cell: movingTo ?? cell }
  })
  useOf(arrived, target, { partitions, reservedRules })
}

function cellsOf(tenants: readonly Tenant[]): string[] {
  return [...new Set(tenants.map(({ cell }) => cell))].sort()
}

function readFile({ tenants: file }: FileOptions): TenantsText {
  return { text: readTenantsText(file), file }
}
