import { setTimeout as sleep } from 'node:timers/promises'
import { open } from '../../lib/amqp/connection.ts'
import { countConsumers } from '../../lib/amqp/count-consumers.ts'
import { copyTenant } from '../../lib/aws/cell/carry-cell.ts'
import { createCells } from '../../lib/aws/cell/cells.ts'
import { openTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { topologiesOf } from '../../lib/bridge/topology.ts'
import { EcosError } from '../../lib/errors.ts'
import { type Carried, carry, type Move } from '../../lib/operations/carry.ts'
import { changeTenant, type TenantsText } from '../../lib/tenants/edit-file.ts'
import { tenantsTable } from '../../lib/tenants/names.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { say } from '../say.ts'
import { brokerAddress } from './broker-address.ts'
import { editTenantsFile } from './edit-tenants-file.ts'
import { withMoveLock } from './move-lock.ts'
import { findTenant, readTenantsText } from './tenants-file.ts'
import { print, statusLine } from './text.ts'

export interface CarryOptions {
  readonly tenants: string
  readonly tenant: string
  readonly fromPayloadBucket: string
  readonly toPayloadBucket: string
  readonly toRegion?: string
  readonly waitMinutes: number
  readonly json?: boolean
}

export const carryHelp = `
Waits until everything that the old cell's bridges have taken is on record, copies subscriptions,
registered listeners and the records of 30 days, hands held notifications over, and puts the new cell
into the file. Events wait at the broker meanwhile. The broker is that of AMQP_URL (with AMQP_CA) or, if
it is not set, of the old cell's secret. May be interrupted, and run again.
`

/** Carries what a cell knows of a moving tenant to the other cell, and completes the move in the file. */
export async function carryTenant(options: CarryOptions): Promise<void> {
  const { tenants: file, tenant: id } = options
  await withMoveLock(file, id, () => carryAlone(options))
}

async function carryAlone(options: CarryOptions): Promise<void> {
  const { tenants: file, tenant: id, waitMinutes, json } = options
  const text = readTenantsText(file)
  const { tenant, move } = findMove(parseTenants(text, file), id, file)
  // A file that can't be edited is refused before anything is copied.
  completed({ text, file }, move)
  const carried = await carryBetween(tenant, move, options, waitMinutes * 60_000)
  // Others may have edited the file in the minutes that this took.
  await editTenantsFile(file, (now) => ({ text: completed({ text: now, file }, move) }))
  print(json ? JSON.stringify({ ...move, ...carried }) : reportOf(move, carried, file))
}

/** @returns the file after the move */
function completed({ text, file }: TenantsText, move: Move): string {
  requireMove(parseTenants(text, file), move, file)
  const cell = move.to === 'main' ? undefined : move.to
  return changeTenant({ text, file }, move.tenant, { cell, movingTo: undefined })
}

/** @throws EcosError `not-moving` if the file no longer has this move */
export function requireMove(tenants: readonly Tenant[], { tenant, from, to }: Move, file: string) {
  const { move } = findMove(tenants, tenant, file)
  if (move.from === from && move.to === to) return
  throw new EcosError(
    'not-moving',
    `${file} moves ${tenant} from ${move.from} to ${move.to} now, and this was for the move from ${from} to ` +
      `${to}: correct the file, and run it again`,
  )
}

/**
 * @param advice for a tenant that does not move
 * @throws EcosError `unknown-tenant`, `not-moving`
 */
export function findMove(
  tenants: readonly Tenant[],
  id: string,
  file: string,
  advice = `run "tenants move --tenant ${id} --to-cell <cell>" first`,
) {
  const tenant = findTenant(tenants, id, file)
  const { cell: from, movingTo: to } = tenant
  if (to !== undefined) return { tenant, move: { tenant: id, from, to } }
  throw new EcosError('not-moving', `${id} does not move in ${file}: ${advice}`)
}

async function carryBetween(
  tenant: Tenant,
  move: Move,
  options: CarryOptions,
  wait: number,
): Promise<Carried> {
  const cells = createCells()
  const { url, ca } = await brokerAddress(move.from)
  const connection = await open(url, ca)
  const status = statusLine()
  const queues = topologiesOf(tenant).map(({ queue }) => queue)
  try {
    return await carry(move, new Date(Date.now() + wait), {
      applied: openTenantsTable(tenantsTable(move.from)),
      countConsumers: () => countConsumers(connection, queues),
      countQueues: () => cells.queues(move.from),
      copy: () =>
        copyTenant(move, {
          fromBucket: options.fromPayloadBucket,
          toBucket: options.toPayloadBucket,
          toRegion: options.toRegion,
        }),
      now: () => new Date(),
      pause: (seconds) => sleep(seconds * 1000),
      onWaiting: (reason) => status.show(say('waiting for {reason}', { reason })),
    })
  } finally {
    status.end()
    await connection.close().catch(() => undefined)
  }
}

function reportOf({ tenant, from, to }: Move, carried: Carried, file: string): string {
  const { subscriptions, listeners, records, held } = carried
  return [
    say(
      '{tenant} is carried from {from} to {to}: {subscriptions} subscriptions, {listeners} listeners, {records} records, {held} held notifications',
      { tenant, from, to, subscriptions, listeners, records, held },
    ),
    `${say('{file} is written', { file })}\n\n${say('Next:')}`,
    `  npx ecos-eventbridge tenants apply --cell ${to}`,
  ].join('\n')
}
