import { encodeQueued, parseQueued } from './notification.ts'

/** A notification's message with a new time to live, which begins now. */
export function renewed(body: string, now: Date): string {
  return encodeQueued({ ...parseQueued(body), queuedAt: now.toISOString() })
}
