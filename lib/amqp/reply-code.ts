/** AMQP 0-9-1 reply codes with which the broker refuses a call and closes the channel. */
export const accessRefused = 403
/** The queue or exchange does not exist. */
export const notFound = 404
/** Another connection has it for itself alone. */
export const resourceLocked = 405
/** It exists with other arguments, or is in use. */
export const preconditionFailed = 406

/** Undefined if the error is not a refusal by the broker. */
export function replyCode(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined
}

/** Resolves to undefined if the queue or exchange does not exist. */
export async function ifThere<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (replyCode(error) === notFound) return undefined
    throw error
  }
}
