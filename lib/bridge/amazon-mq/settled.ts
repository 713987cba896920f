import { createHash } from 'node:crypto'
import type { QueuedMessage } from '../message.ts'

/**
 * Remembers, for at least a day, the settled messages of failed batches, so that they are neither sent
 * nor quarantined again when Lambda retries the batch.
 */
export interface SettledMessages {
  /** The keys that are remembered. @throws EcosError, or the store's error */
  among(keys: readonly string[]): Promise<ReadonlySet<string>>
  remember(keys: readonly string[]): Promise<void>
}

/** A hash of queue and body: 64 hexadecimal digits. */
export function settledKey({ queue, body }: QueuedMessage): string {
  return createHash('sha256').update(JSON.stringify(queue)).update(body).digest('hex')
}
