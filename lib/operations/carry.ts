import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import { cellPrefix, kebab } from '../tenants/names.ts'
import { parsePublished } from '../tenants/published.ts'
import type { AppliedTenants } from './apply-tenants.ts'
import type { QueueCount } from './cell-view.ts'

/** A tenant on its way from one cell to another. */
export interface Move {
  readonly tenant: string
  readonly from: string
  readonly to: string
}

/** What a carrying copies, by kind; `held` are notifications that the other cell tells from now on. */
export interface Carried {
  readonly subscriptions: number
  readonly listeners: number
  readonly contents: number
  readonly records: number
  readonly held: number
}

export interface CarryPorts {
  readonly applied: Pick<AppliedTenants, 'read'>
  /** The consumers of the tenant's own queues at the broker; undefined if it has none there. */
  countConsumers(): Promise<number | undefined>
  /** The queues of the cell that the tenant leaves. */
  countQueues(): Promise<readonly QueueCount[]>
  copy(): Promise<Carried>
  now(): Date
  /** @param seconds between two looks */
  pause(seconds: number): Promise<void>
  onWaiting(reason: string): void
}

/** Bridges read the applied tenants every 30 s; a drain may then finish what it has taken. */
const letGoSeconds = 60

/** Seconds between two looks. */
const lookEvery = 2

/** Seconds between two sights of an empty queue: SQS counts approximately, and the bus may deliver a little later. */
const confirmAfter = 15

/**
 * Carries what a cell knows of a tenant into another cell. Before the copy, every event that the cell's bridges have
 * taken must be on record: an event that one of them gave back to the broker is bridged by the other cell, whose
 * handlers drop it if its record is among those carried. So no bridge may consume the tenant's queue before and after
 * each queue of the handlers was seen empty twice. May be repeated at any point.
 *
 * @param deadline when the waiting ends
 * @throws EcosError `still-served` if the cell's bridges are to go on; `cell-busy` if its events are not on record by
 *   the deadline; `not-moving`; `queue-absent`
 */
export async function carry(move: Move, deadline: Date, ports: CarryPorts): Promise<Carried> {
  const letGo = await timeOfLettingGo(move, ports)
  const until = async (reason: string, isSo: () => Promise<boolean>) => {
    while (!(await isSo())) {
      ports.onWaiting(reason)
      if (ports.now() > deadline) throw busy(move, reason)
      await ports.pause(lookEvery)
    }
  }
  await until('bridges that read the tenants every 30 s', async () => ports.now() >= letGo)
  const isLetGo = async () => {
    const consumers = await ports.countConsumers()
    if (consumers === undefined) throw noQueue(move)
    return consumers === 0
  }
  do {
    await until('a bridge that consumes its queue', isLetGo)
    await until('events in the queues of the handlers', sightsOfEmpty(move, ports))
  } while (!(await isLetGo()))
  return ports.copy()
}

/** @returns looks at the queues, and says whether each was seen empty twice: others may fill it between the sights */
function sightsOfEmpty({ from }: Move, { countQueues, now }: CarryPorts): () => Promise<boolean> {
  const pending = new Set(eventTypes.map((type) => `${cellPrefix(from)}-${kebab(type)}`))
  const firstSeen = new Map<string, number>()
  return async () => {
    for (const { name, waiting, inFlight, delayed } of await countQueues()) {
      if (waiting + inFlight + delayed > 0) continue
      const first = firstSeen.get(name) ?? now().getTime()
      firstSeen.set(name, first)
      if (now().getTime() - first >= confirmAfter * 1000) pending.delete(name)
    }
    return pending.size === 0
  }
}

async function timeOfLettingGo({ tenant, from, to }: Move, { applied }: CarryPorts): Promise<Date> {
  const answer = await applied.read()
  if (answer === undefined || answer === 'unchanged') throw notServed(tenant, from, to)
  const { tenants, moved } = parsePublished(answer.text ?? '')
  if (Object.hasOwn(tenants, tenant)) {
    throw new EcosError(
      'still-served',
      `The bridges of the cell ${from} still take the events of ${tenant}: run "tenants apply --cell ${from}" first`,
    )
  }
  const known = moved[tenant]
  if (known !== undefined) return new Date(Date.parse(known.removedAt) + letGoSeconds * 1000)
  throw notServed(tenant, from, to)
}

function notServed(tenant: string, from: string, to: string): EcosError {
  return new EcosError(
    'not-moving',
    `The cell ${from} did not serve ${tenant} in the last 14 days: there is nothing to carry to ${to}. If it ` +
      `was never there, put "cell: ${to}" in the place of movingTo; else give the move up ("tenants stay"), apply that, ` +
      'and move it again',
  )
}

function noQueue({ tenant, from }: Move): EcosError {
  return new EcosError(
    'queue-absent',
    `${tenant} has no queue of its own at this broker. If AMQP_URL is not the broker of the cell ${from}, correct it. ` +
      `If the queues of that cell are pooled, give the move up ("tenants stay --tenant ${tenant}", then "tenants apply ` +
      `--cell ${from}"), change the cell over to queues of its own ("CELL=${from} QUEUES=own ecos-eventbridge bridge ` +
      'change-over", with the steps of docs/tenants.md#pooled-queues), and move the tenant then',
  )
}

function busy({ tenant, from }: Move, reason: string): EcosError {
  return new EcosError(
    'cell-busy',
    `Not everything of ${tenant} is on record in the cell ${from} yet (${reason}): nothing was carried; run it again`,
  )
}
