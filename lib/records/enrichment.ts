import { EcosError, messageOf } from '../errors.ts'
import { matchesWith } from '../events/predicate-match.ts'
import { type InterestedListener, unionOf } from './registry.ts'

/** An event as a source's own code announces it. */
export interface AnnouncedEvent {
  readonly type: string
  /** The record that it is about, as `loadAttributes` takes it. */
  readonly record: string
  /** The same for the same event, however often it is announced (default: a new UUID). */
  readonly id?: string
  /** When it happened (default: now). */
  readonly time?: Date
  /** Whatever else the event says, beside `id`, `type`, `docId`, `createdDate` and `attributes`. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** A record's attributes by the paths that were asked for. Missing is null. */
export type Attributes = Readonly<Record<string, unknown>>

/**
 * @param records each once
 * @param attributes paths as the Records API writes them, each once
 * @returns by record; one that is left out has no attributes
 */
export type LoadAttributes = (
  records: readonly string[],
  attributes: readonly string[],
) => Promise<ReadonlyMap<string, Attributes>>

/** An event that somebody wants, and who. */
export interface WantedEvent {
  readonly event: AnnouncedEvent
  readonly listeners: readonly InterestedListener[]
}

/** One call for all events of a type, since they have the same listeners. */
export async function loadFor(
  wanted: readonly WantedEvent[],
  load: LoadAttributes,
): Promise<ReadonlyMap<WantedEvent, Attributes>> {
  const loaded = new Map<WantedEvent, Attributes>()
  for (const [type, some] of Map.groupBy(wanted, ({ event }) => event.type)) {
    const attributes = unionOf(some.flatMap(({ listeners }) => listeners))
    const records = [...new Set(some.map(({ event }) => event.record))]
    const found =
      attributes.length > 0 ? await loadOnce(type, records, attributes, load) : undefined
    for (const one of some) loaded.set(one, found?.get(one.event.record) ?? {})
  }
  return loaded
}

async function loadOnce(
  type: string,
  records: readonly string[],
  attributes: readonly string[],
  load: LoadAttributes,
): Promise<ReadonlyMap<string, Attributes>> {
  try {
    return await load(records, attributes)
  } catch (cause) {
    const what = `${attributes.length} attributes of ${records.length} records for ${type}`
    throw new EcosError('attributes-not-loaded', `${what} were not loaded: ${messageOf(cause)}`, {
      cause,
      retryable: true,
    })
  }
}

/** Whether one of the listener's filters holds, or it has none. */
export function isWanted({ filters }: InterestedListener, attributes: Attributes): boolean {
  return (
    filters.length === 0 ||
    filters.some((filter) => matchesWith(filter, (path) => attributes[path]))
  )
}

/** Only what the listener asked for, and null where the record has no such attribute. */
export function partOf(listener: InterestedListener, attributes: Attributes): Attributes {
  return Object.fromEntries(listener.attributes.map((path) => [path, attributes[path] ?? null]))
}
