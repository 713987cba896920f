import { Logger } from '@aws-lambda-powertools/logger'

/**
 * What the core logs with. Fields are for machines; a message is one constant sentence. Neither holds
 * a secret, nor anything that a person wrote or is called by: tenant, ids, types, counts, codes.
 */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** The structured logger of a function. LOG_LEVEL sets how much it says (default INFO). */
export function createLog(): Logger {
  return new Logger({ serviceName: 'ecos-eventbridge' })
}
