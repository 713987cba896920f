import { EcosError } from '../errors.ts'
import { faultOf, isRejection } from '../queue-function/fault.ts'
import { cut } from '../text.ts'

/** Characters of the reason on a notification's record. */
const maxReason = 1000

/**
 * Computes a step of one notification: its plan, its content. Whatever goes wrong ends in `onFault`, and
 * the event's other notifications go out.
 *
 * @param onFault gets the reason, without personal text
 */
export function isolate<Result>(step: () => Result, onFault: (reason: string) => Result): Result {
  try {
    return step()
  } catch (error) {
    if (faultOf(error) === 'service') throw error
    return onFault(reasonOf(error))
  }
}

/**
 * The same for a step that stores or queues. Only a rejection of the content is the notification's own
 * fault: any other error is thrown, so that the whole event is tried again.
 */
export async function isolateWrite<Result>(
  step: () => Promise<Result>,
  onFault: (reason: string) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await step()
  } catch (error) {
    if (!isRejection(error)) throw error
    return onFault(reasonOf(error))
  }
}

/** The reason on a notification's record. Of an unknown error only its name: its message may quote what a person wrote. */
export function reasonOf(error: unknown): string {
  if (error instanceof EcosError) return cut(`${error.code}: ${error.message}`, maxReason)
  return `unexpected-error: ${error instanceof Error ? error.name : typeof error}`
}
