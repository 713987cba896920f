import { Context, type Liquid } from 'liquidjs'

/** Steps of a template at most: enough for a loop to write HTML at its limit character by character. */
export const templateSteps = 250_000

/**
 * A rendering context that allows `maxSteps` steps: each evaluation of a tag, an output or a text is
 * one. LiquidJS's own limit counts milliseconds, which also pass while a small function waits for its
 * share of a CPU, so that a correct template could fail.
 */
export function boundedContext(liquid: Liquid, model: object, maxSteps: number): Context {
  const context = new Context(model, liquid.options, { sync: true }, { liquid })
  let steps = 0
  // LiquidJS checks its limit before each step.
  context.renderLimit.check = () => {
    steps += 1
    if (steps > maxSteps) throw new Error(`more than ${maxSteps} steps`)
  }
  return context
}
