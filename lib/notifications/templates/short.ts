import {
  type Context,
  type Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
} from 'liquidjs'
import { cut } from '../../text.ts'
import { takeBlock } from './block.ts'
import { limits, oneLine } from './bounds.ts'

/** The rendering context's register of short lines. */
const register = 'short'

/**
 * `{% short %}Срок: {{ event.dueDate | due_short }}{% endshort %}` is the one line that push and SMS
 * show below the title. It writes nothing; of several that are not blank the first counts.
 */
export class Short extends Tag {
  readonly #templates: Template[]

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid)
    this.#templates = takeBlock(token, 'endshort', remaining, parser)
  }

  *render(context: Context): Generator<unknown, void, string> {
    const line = yield this.liquid.renderer.renderTemplates(this.#templates, context)
    linesOf(context).push(cut(oneLine(line), limits.title))
  }

  // LiquidJS's static analysis calls this generator.
  // biome-ignore lint/correctness/useYield: there is nothing to wait for.
  *children(): Generator<unknown, Template[]> {
    return this.#templates
  }
}

function linesOf(context: Context): string[] {
  return context.getRegister(register, [])
}

/** The template's short line; undefined if it has none. */
export function shortLine(context: Context): string | undefined {
  return linesOf(context).find((line) => line !== '')
}
