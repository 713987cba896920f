import { createHash } from 'node:crypto'
import type { QueuedMessage } from '../message.ts'

/**
 * What was settled of batches that failed as a whole, so that it is neither sent nor quarantined
 * again when Lambda brings the batch again. Kept for a day at least.
 */
export interface SettledMessages {
  /** Those of the keys that were remembered. @throws EcosError, or what the store throws */
  among(keys: readonly string[]): Promise<ReadonlySet<string>>
  remember(keys: readonly string[]): Promise<void>
}

/** The same for the same body out of the same queue: 64 hexadecimal digits. */
export function settledKey({ queue, body }: QueuedMessage): string {
  return createHash('sha256').update(JSON.stringify(queue)).update(body).digest('hex')
}
