/** AMQP 0-9-1's codes, with which the broker refuses something and closes the channel. */
export const accessRefused = 403
/** No such queue or exchange. */
export const notFound = 404
/** One of that name is there, and differs; or it is in use. */
export const preconditionFailed = 406

/** Undefined where it was not the broker that refused. */
export function replyCode(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined
}

/** Undefined where what was asked after is not there. */
export async function ifThere<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (replyCode(error) === notFound) return undefined
    throw error
  }
}
