import { attributeName } from '../events/attribute.ts'
import type { EventType } from '../events/catalogue.ts'
import type { TenantEventData } from './event-types.ts'
import type { EventContext, EventHandler, TenantEvent } from './handlers.ts'

/** An event with exactly those attributes of its record that the handler requested. */
export interface EventWithAttributes<Type extends EventType, Path extends string>
  extends Omit<TenantEvent<Type>, 'data'> {
  readonly data: Omit<TenantEventData<Type>, 'attributes'>
  /** By path, as requested. Null when the record or the event lacks the attribute. */
  readonly attributes: Readonly<Record<Path, unknown>>
}

/** A handler that gets the attributes of its paths. */
export type AttributesHandler<Type extends EventType, Path extends string> = (
  event: EventWithAttributes<Type, Path>,
  context: EventContext,
) => unknown

/**
 * Wraps one of several handlers that needs attributes of the record; for a single one, give them to
 * `onEcosEvent`. Register the same paths once for the tenant with `ecos-eventbridge attributes add`. See
 * docs/record-events.md
 *
 * ```ts
 * export const handler = onEcosEvent({
 *   'record-changed': withAttributes(['case.title', 'author.email'], async ({ attributes }) => {
 *     await tell(attributes['author.email'], attributes['case.title'])
 *   }),
 *   'record-deleted': async ({ subject }) => forget(subject),
 * })
 * ```
 */
export function withAttributes<Type extends EventType, const Path extends string>(
  paths: readonly Path[],
  handler: AttributesHandler<Type, Path>,
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
