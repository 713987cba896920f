import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import { type Interests, interest } from '../events/interest.ts'
import { late } from '../late.ts'
import { tenantName } from '../tenant-name.ts'

/** The protocols by which a tenant's events reach the bridge: events 1.0, and events 2.0 of ECOS's Java services. */
export const wires = ['1.0', '2.0'] as const
export type Wire = (typeof wires)[number]

/** The settings of a tenant that speaks events 2.0. */
export interface Events2 {
  /** The application name under which the bridge registers; its queue has that name, escaped. */
  readonly target: string
  /** The requested attributes and filter, by event type. */
  readonly interests: Interests
  /** True if the tenant speaks 2.0 only; false during a change-over, when it speaks both. */
  readonly only: boolean
}

// YAML reads an unquoted 2.0 as a number.
const wire = late(() =>
  z.preprocess((value) => (typeof value === 'number' ? value.toFixed(1) : value), z.enum(wires)),
)

const notWires = `is neither ${wires.join(' nor ')} nor a list of them`

/** The fields of a tenant in tenants.yml that concern its wire. */
export const events2Fields = late(() => ({
  wire: z
    .union([wire.transform((one) => [one]), z.array(wire).min(1, notWires)], notWires)
    .default(['1.0']),
  target: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
      'is not an application name: up to 128 letters, digits and ._:-',
    )
    .optional(),
  recordEvents: z.record(z.string().min(1).max(128), interest).optional(),
}))

interface Entry {
  readonly events?: readonly EventType[] | null | undefined
  readonly broker?: string | undefined
  readonly wire: readonly Wire[]
  readonly target?: string | undefined
  readonly recordEvents?: Interests | undefined
}

/** The event types of events 2.0. All others come over 1.0. */
export const events2Types = eventTypes.filter((type) => type.startsWith('record-'))

/** Finds a field that contradicts the tenant's wires. */
export function findWireFault(entry: Entry): { field: keyof Entry; problem: string } | undefined {
  const { events, broker, wire, recordEvents } = entry
  if (!wire.includes('2.0')) {
    return recordEvents
      ? { field: 'recordEvents', problem: 'is allowed with wire 2.0 only' }
      : undefined
  }
  if (broker !== undefined) {
    return {
      field: 'broker',
      problem: 'events 2.0 need the drain or a worker: Lambda does not keep the order of messages',
    }
  }
  const unsupported = (events ?? []).find((type) => !events2Types.includes(type))
  if (wire.includes('1.0') || unsupported === undefined) return undefined
  return {
    field: 'events',
    problem: `${unsupported} does not come over wire 2.0; add 1.0 to "wire"`,
  }
}

/** @param id of the tenant */
export function events2Settings(id: string, entry: Entry): Events2 | undefined {
  if (!entry.wire.includes('2.0')) return undefined
  const enabled = events2Types.filter((type) => entry.events?.includes(type))
  return {
    target: entry.target ?? defaultTarget(id),
    only: !entry.wire.includes('1.0'),
    interests: {
      ...Object.fromEntries(enabled.map((type) => [type, { attributes: [] }])),
      ...entry.recordEvents,
    },
  }
}

/** The application name under which the bridge registers for a tenant without `target`. */
export function defaultTarget(tenant: string): string {
  return `ecos-eventbridge-${tenantName(tenant, 128 - 'ecos-eventbridge-'.length)}`
}

/**
 * Finds the tenant that speaks events 2.0 among those that one bridge serves at one broker.
 *
 * @throws EcosError `several-events-2`
 */
export function events2Tenant<Tenant extends { readonly id: string; readonly events2?: Events2 }>(
  tenants: readonly Tenant[],
): (Tenant & { readonly events2: Events2 }) | undefined {
  const [first, second] = tenants.filter(speaksEvents2)
  if (second === undefined) return first
  throw new EcosError(
    'several-events-2',
    `The tenants ${first?.id} and ${second.id} both speak events 2.0. Its exchange serves a whole ` +
      'virtual host, so each would get the events of the other: give each a cell of its own',
  )
}

function speaksEvents2<Tenant extends { readonly events2?: Events2 }>(
  tenant: Tenant,
): tenant is Tenant & { readonly events2: Events2 } {
  return tenant.events2 !== undefined
}
