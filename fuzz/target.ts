import fc from 'fast-check'

/** A part of the project that reads what comes from outside, and what must hold for every input. */
export interface Target {
  readonly name: string
  /** Checks so many inputs that the seed decides, and those of the corpus first. @throws with the input */
  run(runs: number, seed: number, corpus: readonly unknown[]): Promise<void>
}

/** How a target failed. */
export class Failure extends Error {
  /** The smallest input that was found to fail; JSON. */
  readonly input: unknown

  constructor(target: string, input: unknown, problem: string, cause: unknown) {
    super(`${target}: ${problem}\n${JSON.stringify(input)}`, { cause })
    this.input = input
  }
}

/**
 * @param inputs of values that JSON holds, so that a failing one can be kept in the corpus
 * @param check throws if what must hold does not
 */
export function target<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
): Target {
  return {
    name,
    async run(runs, seed, corpus) {
      const property = fc.asyncProperty(inputs, async (input) => check(plain(input)))
      const examples = corpus.map((input): [Input] => [input as Input])
      const result = await fc.check(property, { numRuns: runs + examples.length, seed, examples })
      if (!result.failed) return
      const { errorInstance } = result
      throw new Failure(name, result.counterexample?.[0], String(errorInstance), errorInstance)
    },
  }
}

/** As the corpus would give it back: without prototypes, undefined fields and negative zeros. */
function plain<Input>(input: Input): Input {
  return JSON.parse(JSON.stringify(input))
}
