import { attributeName } from '../events/attribute.ts'
import type { EventData, EventType } from '../events/catalogue.ts'
import type { EventContext, EventHandler, TenantEvent } from './handlers.ts'

/** An event with exactly those attributes of its record that the handler requested. */
export interface EventWithAttributes<Type extends EventType, Path extends string>
  extends Omit<TenantEvent<Type>, 'data'> {
  readonly data: Without<'attributes', EventData<Type>>
  /** By path, as requested. Null when the record or the event lacks the attribute. */
  readonly attributes: Readonly<Record<Path, unknown>>
}

/** Omit would drop all known fields of a type with an index signature. */
type Without<Field, Data> = { [Name in keyof Data as Exclude<Name, Field>]: Data[Name] }

/**
 * Wraps a handler that needs attributes of the record. Register the same paths once for the tenant with
 * `ecos-eventbridge attributes add`. See docs/record-events.md
 *
 * ```ts
 * export const handler = onEcosEvent(
 *   'record-changed',
 *   withAttributes(['case.title', 'author.email'], async ({ attributes }) => {
 *     await tell(attributes['author.email'], attributes['case.title'])
 *   }),
 * )
 * ```
 */
export function withAttributes<Type extends EventType, const Path extends string>(
  paths: readonly Path[],
  handler: (event: EventWithAttributes<Type, Path>, context: EventContext) => Promise<unknown>,
): EventHandler<Type> {
  return ({ data: all, ...event }, context) => {
    const { attributes = {}, ...data } = all as Readonly<Record<string, unknown>>
    const found = attributes as Readonly<Record<string, unknown>>
    const asked = paths.map((path) => [path, found[attributeName(path)] ?? null])
    return handler(
      {
        ...event,
        data: data as EventWithAttributes<Type, Path>['data'],
        attributes: Object.fromEntries(asked) as Record<Path, unknown>,
      },
      context,
    )
  }
}
