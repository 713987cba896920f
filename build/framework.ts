import { EcosError } from '../lib/errors.ts'

/** Strips the stack of an EcosError: the framework prints it, and the message alone says what to do. */
export async function withPlainErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EcosError) error.stack = error.message
    throw error
  }
}
