import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { type EventType, eventTypes, isEventType } from '../events/catalogue.ts'
import { late } from '../late.ts'
import { localeField } from '../locale.ts'
import { ownValue } from '../own-value.ts'
import { type AmazonMqBroker, brokerEntry, brokerName } from './brokers.ts'
import { type Events2, events2Fields, events2Settings, findWireFault } from './events-2.ts'
import { type MessageSettings, messageFields, messageSettingsOf } from './messages.ts'
import type { ChosenPartition } from './partition.ts'
import { tenantId } from './tenant-id.ts'
import { parseYamlFile } from './yaml-file.ts'

/** A tenant of ECOS: one `ecos.server.tenant.id`, with an exchange of its own. */
export interface Tenant extends MessageSettings {
  readonly id: string
  /** The enabled event types; none by default, as in ECOS. */
  readonly events: readonly EventType[]
  /** BCP 47: the language of notifications whose subscription names none. */
  readonly locale: string
  /** The cell (bus, rules, queues and functions) that carries the tenant's events. */
  readonly cell: string
  /** The cell to which it moves: its own cell's bridges take no more events, and the other one's not yet. */
  readonly movingTo?: string
  /** If set, the results of its notifications are put on the bus. */
  readonly results?: true
  /** If set, the partition is this one, not the one that the id's hash gives. */
  readonly partition?: ChosenPartition
  /**
   * The partition whose tenants share a queue at the broker (default: a queue of its own). Not in
   * tenants.yml: `placeInPools` sets it.
   */
  readonly pool?: string
  /** If set, Lambda's Amazon MQ source consumes the tenant's queue instead of drains and workers. */
  readonly broker?: AmazonMqBroker
  /** Its application name in events 2.0, if tenants.yml names one; it may outlive `wire: "2.0"`. */
  readonly target?: string
  /** If set, the tenant speaks events 2.0, alone or beside 1.0. */
  readonly events2?: Events2
}

export const cellName = late(() =>
  z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,19}$/,
      'a cell name has up to 20 of a-z, 0-9 and "-", and starts with a letter',
    ),
)

const eventType = late(() =>
  z.string().refine(isEventType, {
    error: (issue) =>
      `"${issue.input}" is not an event type; the types are ${eventTypes.join(', ')}`,
  }),
)

// `acme:` without a value is a tenant with the defaults.
const tenantEntry = late(() =>
  z.preprocess(
    (entry) => entry ?? {},
    z.strictObject({
      events: z.array(eventType).nullish(),
      locale: localeField.default('ru'),
      cell: cellName.default('main'),
      movingTo: cellName.optional(),
      partition: z
        .custom<ChosenPartition>(
          (value) => value === 'own' || z.int().nonnegative().safeParse(value).success,
          'is neither the number of a partition, from 0, nor own',
        )
        .optional(),
      results: z.boolean().default(false),
      broker: z.string().optional(),
      ...messageFields,
      ...events2Fields,
    }),
  ),
)

const tenantsFile = late(() =>
  z
    .strictObject({
      brokers: z.record(brokerName, brokerEntry).default({}),
      tenants: z.record(tenantId, tenantEntry),
    })
    .superRefine(({ brokers, tenants }, context) => {
      for (const [id, entry] of Object.entries(tenants)) {
        const fault = findWireFault(entry)
        if (fault) {
          const path = ['tenants', id, fault.field]
          context.addIssue({ code: 'custom', path, message: fault.problem })
        }
        if (entry.movingTo === entry.cell) {
          const message = "is the tenant's own cell"
          context.addIssue({ code: 'custom', path: ['tenants', id, 'movingTo'], message })
        }
        const { broker } = entry
        if (broker === undefined || Object.hasOwn(brokers, broker)) continue
        const message = `there is no broker "${broker}" under brokers`
        context.addIssue({ code: 'custom', path: ['tenants', id, 'broker'], message })
      }
    }),
)

/** What tenants.yml says, as it is written there. Only `parseTenants` and `tenantsIn` vouch for it. */
export interface TenantsContent {
  readonly brokers?: Readonly<Record<string, unknown>>
  readonly tenants: Readonly<Record<string, unknown>>
}

/**
 * Reads tenants.yml.
 *
 * @param file the file's name, for errors
 * @throws EcosError `invalid-tenants`: one line for each of the first 100 faults, with file, line, field and problem
 */
export function parseTenants(text: string, file: string): Tenant[] {
  return readTenantsFile(text, file).tenants
}

/** As `parseTenants`, with what is written. */
export function readTenantsFile(
  text: string,
  file: string,
): { readonly tenants: Tenant[]; readonly content: TenantsContent } {
  const { faults, content, lineOf } = parseYamlFile(text)
  if (faults.length > 0) {
    throw invalid(faults.map(({ line, problem }) => `${file}:${line}: ${problem}`))
  }
  const written = content ?? {}
  const tenants = tenantsIn(written, (path) => `${file}:${lineOf(path)}`)
  return { tenants, content: written as TenantsContent }
}

type Path = readonly (PropertyKey | undefined)[]

/**
 * The tenants in the content of a tenants.yml.
 *
 * @param placeOf says where a field stands, for errors
 * @throws EcosError `invalid-tenants`
 */
export function tenantsIn(content: unknown, placeOf: (path: Path) => string): Tenant[] {
  const parsed = tenantsFile.safeParse(content)
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) =>
      pathsOf(issue).map((path) => `${placeOf(path)}: ${describe(issue, path)}`),
    )
    throw invalid(faults)
  }
  const { brokers, tenants } = parsed.data
  return Object.entries(tenants).map(([id, entry]) => {
    const { events, locale, cell, movingTo, results, partition, target, broker: name } = entry
    const broker = name === undefined ? undefined : ownValue(brokers, name)
    const events2 = events2Settings(id, entry)
    return {
      id,
      events: [...new Set(events ?? [])],
      locale,
      cell,
      ...(movingTo !== undefined && { movingTo }),
      ...(results && { results }),
      ...(partition !== undefined && { partition }),
      ...(name !== undefined && broker && { broker: { name, ...broker } }),
      ...(target !== undefined && { target }),
      ...(events2 && { events2 }),
      ...messageSettingsOf(entry),
    }
  })
}

/** Faults that an error names: workers and functions log it. */
const maxFaults = 100

function invalid(faults: readonly string[]): EcosError {
  const more = faults.length - maxFaults
  const lines = [...faults.slice(0, maxFaults), ...(more > 0 ? [`… and ${more} more faults`] : [])]
  return new EcosError('invalid-tenants', lines.join('\n'))
}

/** A field that does not exist is at fault itself, not the object around it. */
function pathsOf(issue: z.core.$ZodIssue): Path[] {
  if (issue.code !== 'unrecognized_keys') return [issue.path]
  return issue.keys.map((key) => [...issue.path, key])
}

function describe(issue: z.core.$ZodIssue, path: Path): string {
  const problem =
    issue.code === 'unrecognized_keys'
      ? 'there is no such field'
      : issue.code === 'invalid_key'
        ? issue.issues.map((inner) => inner.message).join('; ')
        : issue.message
  return `${path.map(String).join('.') || 'the file'}: ${problem}`
}
