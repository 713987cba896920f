import { Drop } from 'liquidjs'
import { attributeName } from '../../events/attribute.ts'

/**
 * The record's attributes, as a template sees them. One that the event came without is null: it was
 * announced before the template asked for it, or by a source that loads none.
 */
class RecordAttributes extends Drop {
  readonly #own: Readonly<Record<string, unknown>>

  constructor(own: Readonly<Record<string, unknown>>) {
    super()
    this.#own = own
  }

  override liquidMethodMissing(path: string): unknown {
    const name = attributeName(path)
    return Object.hasOwn(this.#own, name) ? this.#own[name] : null
  }

  *[Symbol.iterator]() {
    yield* Object.entries(this.#own)
  }

  toJSON(): unknown {
    return this.#own
  }
}

/** The event's data for a template. */
export function withRecordAttributes(data: object): object {
  const { attributes } = data as { attributes?: unknown }
  const isObject = typeof attributes === 'object' && attributes !== null
  const own = isObject ? (attributes as Readonly<Record<string, unknown>>) : {}
  return { ...data, attributes: new RecordAttributes(own) }
}
