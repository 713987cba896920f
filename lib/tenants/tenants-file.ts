import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { type EventType, eventTypes, isEventType } from '../events/catalogue.ts'
import { localeField } from '../locale.ts'
import { type AmazonMqBroker, brokerEntry, brokerName } from './brokers.ts'
import { type Events2, events2Fields, events2Settings, findWireFault } from './events-2.ts'
import type { ChosenPartition } from './partition.ts'
import { tenantId } from './tenant-id.ts'
import { type Fault, parseYamlFile } from './yaml-file.ts'

/** A tenant of ECOS: one `ecos.server.tenant.id`, with an exchange of its own. */
export interface Tenant {
  readonly id: string
  /** The enabled event types; none by default, as in ECOS. */
  readonly events: readonly EventType[]
  /** BCP 47: the language of notifications whose subscription names none. */
  readonly locale: string
  /** The cell (bus, rules, queues and functions) that carries the tenant's events. */
  readonly cell: string
  /** If set, the partition is this one, not the one that the id's hash gives. */
  readonly partition?: ChosenPartition
  /** If set, Lambda's Amazon MQ source consumes the tenant's queue instead of drains and workers. */
  readonly broker?: AmazonMqBroker
  /** Its application name in events 2.0, if tenants.yml names one; it may outlive `wire: "2.0"`. */
  readonly target?: string
  /** If set, the tenant speaks events 2.0, alone or beside 1.0. */
  readonly events2?: Events2
}

const eventType = z.string().refine(isEventType, {
  error: (issue) => `"${issue.input}" is not an event type; the types are ${eventTypes.join(', ')}`,
})

// `acme:` without a value is a tenant with the defaults.
const tenantEntry = z.preprocess(
  (entry) => entry ?? {},
  z.strictObject({
    events: z.array(eventType).nullish(),
    locale: localeField.default('ru'),
    cell: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{0,19}$/,
        'a cell name has up to 20 of a-z, 0-9 and "-", and starts with a letter',
      )
      .default('main'),
    partition: z
      .custom<ChosenPartition>(
        (value) => value === 'own' || z.int().nonnegative().safeParse(value).success,
        'is neither the number of a partition, from 0, nor own',
      )
      .optional(),
    broker: z.string().optional(),
    ...events2Fields,
  }),
)

const tenantsFile = z
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
      const { broker } = entry
      if (broker === undefined || Object.hasOwn(brokers, broker)) continue
      const message = `there is no broker "${broker}" under brokers`
      context.addIssue({ code: 'custom', path: ['tenants', id, 'broker'], message })
    }
  })

/**
 * Reads tenants.yml.
 *
 * @param file the file's name, for errors
 * @throws EcosError `invalid-tenants`: one line for each fault, with file, line, field and problem
 */
export function parseTenants(text: string, file: string): Tenant[] {
  const { faults, content, lineOf } = parseYamlFile(text)
  if (faults.length > 0) throw invalid(file, faults)

  const parsed = tenantsFile.safeParse(content ?? {})
  if (!parsed.success) {
    throw invalid(
      file,
      parsed.error.issues.map((issue) => {
        const path =
          issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path
        return { line: lineOf(path), problem: describe(issue, path) }
      }),
    )
  }
  const { brokers, tenants } = parsed.data
  return Object.entries(tenants).map(([id, entry]) => {
    const { events, locale, cell, partition, target, broker: name } = entry
    const broker = name === undefined ? undefined : brokers[name]
    const events2 = events2Settings(id, entry)
    return {
      id,
      events: [...new Set(events ?? [])],
      locale,
      cell,
      ...(partition !== undefined && { partition }),
      ...(name !== undefined && broker && { broker: { name, ...broker } }),
      ...(target !== undefined && { target }),
      ...(events2 && { events2 }),
    }
  })
}

function invalid(file: string, faults: readonly Fault[]): EcosError {
  const list = faults.map(({ line, problem }) => `${file}:${line}: ${problem}`)
  return new EcosError('invalid-tenants', list.join('\n'))
}

function describe(issue: z.core.$ZodIssue, path: readonly (PropertyKey | undefined)[]): string {
  const problem =
    issue.code === 'unrecognized_keys'
      ? 'there is no such field'
      : issue.code === 'invalid_key'
        ? issue.issues.map((inner) => inner.message).join('; ')
        : issue.message
  return `${path.map(String).join('.') || 'the file'}: ${problem}`
}
