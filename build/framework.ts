import { EcosError } from '../lib/errors.ts'

/** The framework prints a rejection's stack: of what is wrong with settings or templates, the message says all. */
export async function tellingWhy<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EcosError) error.stack = error.message
    throw error
  }
}
