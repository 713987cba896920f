import { z } from 'zod'
import { EcosError } from '../errors.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import { type Interests, interest } from '../events/interest.ts'

/** How a tenant's events reach the bridge: events 1.0, or events 2.0 of ECOS's Java services. */
export const wires = ['1.0', '2.0'] as const
export type Wire = (typeof wires)[number]

/** What a tenant that speaks events 2.0 needs for it. */
export interface Events2 {
  /** The application as which the bridge registers: its queue has that name, escaped. */
  readonly target: string
  /** What is asked for, by event type. */
  readonly interests: Interests
  /** It speaks 2.0 alone. Else it is in the midst of a change-over, and speaks both. */
  readonly only: boolean
}

// Unquoted, YAML reads 2.0 as a number.
const wire = z.preprocess(
  (value) => (typeof value === 'number' ? value.toFixed(1) : value),
  z.enum(wires, { error: () => `is not a wire: there are ${wires.join(' and ')}` }),
)

/** The fields of a tenant in tenants.yml. */
export const events2Fields = {
  wire: z.union([wire.transform((one) => [one]), z.array(wire).min(1)]).default(['1.0']),
  target: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'is not the name of an application')
    .optional(),
  recordEvents: z.record(z.string().min(1).max(128), interest).optional(),
}

interface Entry {
  readonly events?: readonly EventType[] | null | undefined
  readonly broker?: string | undefined
  readonly wire: readonly Wire[]
  readonly target?: string | undefined
  readonly recordEvents?: Interests | undefined
}

/** The types that events 2.0 have. All others come over 1.0. */
export const events2Types = eventTypes.filter((type) => type.startsWith('record-'))

/** The field that does not fit the tenant's wires, and why. */
export function faultOfWires(entry: Entry): { field: keyof Entry; problem: string } | undefined {
  const { events, broker, wire, target, recordEvents } = entry
  if (!wire.includes('2.0')) {
    const [field] = [target && 'target', recordEvents && 'recordEvents'].filter(Boolean)
    return field ? { field: field as keyof Entry, problem: 'is for wire 2.0 alone' } : undefined
  }
  if (broker !== undefined) {
    return {
      field: 'broker',
      problem: 'Lambda keeps no order: events 2.0 need the drain or worker',
    }
  }
  const other = (events ?? []).find((type) => !events2Types.includes(type))
  if (wire.includes('1.0') || other === undefined) return undefined
  return { field: 'events', problem: `${other} does not come over wire 2.0; add 1.0 to "wire"` }
}

/** @param id the tenant's */
export function events2Of(id: string, entry: Entry): Events2 | undefined {
  if (!entry.wire.includes('2.0')) return undefined
  const turnedOn = events2Types.filter((type) => entry.events?.includes(type))
  return {
    target: entry.target ?? defaultTarget(id),
    only: !entry.wire.includes('1.0'),
    interests: {
      ...Object.fromEntries(turnedOn.map((type) => [type, { attributes: [] }])),
      ...entry.recordEvents,
    },
  }
}

/** The application as which the bridge registers for a tenant that names none. */
export function defaultTarget(tenant: string): string {
  return `ecos-eventbridge-${tenant}`
}

/**
 * The one tenant that speaks events 2.0, of those whose events one bridge carries from one broker.
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
    `The tenants ${first?.id} and ${second.id} both speak events 2.0, whose exchange belongs to a ` +
      'whole virtual host, and each would get the events of the other: give them a cell each',
  )
}

function speaksEvents2<Tenant extends { readonly events2?: Events2 }>(
  tenant: Tenant,
): tenant is Tenant & { readonly events2: Events2 } {
  return tenant.events2 !== undefined
}
