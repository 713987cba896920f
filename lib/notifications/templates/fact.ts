import {
  type Context,
  type Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
  Value,
} from 'liquidjs'
import { cut } from '../../text.ts'
import { takeBlock } from './block.ts'
import { limits, oneLine } from './bounds.ts'

/** A labelled value of an event, as a person reads it. */
export interface NotedFact {
  readonly label: string
  readonly value: string
}

/** The rendering context's register of facts. */
const register = 'facts'

/**
 * `{% fact 'Срок' %}{{ event.dueDate | date_long }}{% endfact %}` records the value between the tags
 * and writes nothing: text and HTML each list the facts in their own way. A blank value is left out.
 */
export class Fact extends Tag {
  readonly #label: Value
  readonly #templates: Template[]

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid)
    this.#label = new Value(token.tokenizer.readFilteredValue(), liquid)
    this.#templates = takeBlock(token, 'endfact', remaining, parser)
  }

  *render(context: Context): Generator<unknown, void, string> {
    const label = yield this.#label.value(context, false)
    const value = yield this.liquid.renderer.renderTemplates(this.#templates, context)
    const fact = { label: oneLine(String(label)), value: cut(value.trim(), limits.value) }
    if (fact.value !== '') factsOf(context).push(fact)
  }

  // LiquidJS's static analysis calls this generator.
  // biome-ignore lint/correctness/useYield: there is nothing to wait for.
  *children(): Generator<unknown, Template[]> {
    return this.#templates
  }

  *arguments(): Generator<Value> {
    yield this.#label
  }
}

export function factsOf(context: Context): NotedFact[] {
  return context.getRegister(register, [])
}
