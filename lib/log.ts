import { Logger } from '@aws-lambda-powertools/logger'

/**
 * The core's logger. A message is a constant sentence; variable values go into fields. Neither may
 * hold a secret, a person's name or a text that a person wrote: only tenants, ids, types, counts, codes.
 */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** The structured logger of a function. LOG_LEVEL sets how much it says (default INFO). */
export function createLog(): Logger {
  return new Logger({ serviceName: 'ecos-eventbridge' })
}
