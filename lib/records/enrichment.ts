import { EcosError, messageOf } from '../errors.ts'
import { matchesWith } from '../events/predicate-match.ts'
import { ownValue } from '../own-value.ts'
import { type InterestedListener, unionOf } from './registry.ts'

/** An event as a source's own code announces it. */
export interface AnnouncedEvent {
  readonly type: string
  /** The record's id, as passed to `loadAttributes`. */
  readonly record: string
  /** Stable across repeated announcements of the same event (default: a new UUID). */
  readonly id?: string
  /** When the event happened (default: now). */
  readonly time?: Date
  /** Further fields of the event; `id`, `type`, `docId`, `createdDate` and `attributes` are reserved. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** A record's attributes by requested path. A missing one is null. */
export type Attributes = Readonly<Record<string, unknown>>

/**
 * @param records record ids without duplicates
 * @param attributes paths in the syntax of the Records API, without duplicates
 * @returns attributes by record id; a record that is absent has none
 */
export type LoadAttributes = (
  records: readonly string[],
  attributes: readonly string[],
) => Promise<ReadonlyMap<string, Attributes>>

/** An event and the listeners that want it. */
export interface WantedEvent {
  readonly event: AnnouncedEvent
  readonly listeners: readonly InterestedListener[]
}

/** Makes one call per event type, since events of a type have the same listeners. */
export async function loadFor(
  wanted: readonly WantedEvent[],
  load: LoadAttributes,
): Promise<ReadonlyMap<WantedEvent, Attributes>> {
  const loaded = new Map<WantedEvent, Attributes>()
  for (const [type, events] of Map.groupBy(wanted, ({ event }) => event.type)) {
    const attributes = unionOf(events.flatMap(({ listeners }) => listeners))
    const records = [...new Set(events.map(({ event }) => event.record))]
    const found =
      attributes.length > 0 ? await loadOnce(type, records, attributes, load) : undefined
    for (const wantedEvent of events) {
      loaded.set(wantedEvent, found?.get(wantedEvent.event.record) ?? {})
    }
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

/** True when any of the listener's filters matches, or when it has none. */
export function isWanted({ filters }: InterestedListener, attributes: Attributes): boolean {
  return (
    filters.length === 0 ||
    filters.some((filter) => matchesWith(filter, (path) => ownValue(attributes, path)))
  )
}

/** The attributes that the listener requested, with null for those that the record lacks. */
export function partOf(listener: InterestedListener, attributes: Attributes): Attributes {
  return Object.fromEntries(
    listener.attributes.map((path) => [path, ownValue(attributes, path) ?? null]),
  )
}
