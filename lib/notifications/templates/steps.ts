import { Context, type Liquid } from 'liquidjs'

/** For a template: as much as HTML at its limit takes where a loop writes each character. */
export const templateSteps = 250_000

/**
 * What a template is rendered with, in so many steps at most: a tag, an output or a text is one, each
 * time that it is come to. LiquidJS's own limit counts milliseconds, and those also pass while a small
 * function waits for its share of a CPU: a right template could then fail, and its event with it.
 */
export function boundedContext(liquid: Liquid, model: object, most: number): Context {
  const context = new Context(model, liquid.options, { sync: true }, { liquid })
  let steps = 0
  // LiquidJS asks its limit before each step.
  context.renderLimit.check = () => {
    steps += 1
    if (steps > most) throw new Error(`more than ${most} steps`)
  }
  return context
}
