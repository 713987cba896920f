import { Drop } from 'liquidjs'
import { attributeName } from '../../events/attribute.ts'

/**
 * The record's attributes for a template. An attribute that is not in the event is null: the event was
 * announced before a template used the attribute, or by a source that loads none.
 */
class RecordAttributes extends Drop {
  readonly #own: Readonly<Record<string, unknown>>

  constructor(own: Readonly<Record<string, unknown>>) {
    super()
    this.#own = own
    // A record may have an attribute of that name, and LiquidJS would call the class.
    Object.defineProperty(this, 'constructor', { value: undefined })
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

/** The event's data with its attributes readable by any path. */
export function withRecordAttributes(data: object): object {
  const { attributes } = data as { attributes?: unknown }
  const isObject = typeof attributes === 'object' && attributes !== null
  const own = isObject ? (attributes as Readonly<Record<string, unknown>>) : {}
  return { ...data, attributes: new RecordAttributes(own) }
}
