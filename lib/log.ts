import { Logger } from '@aws-lambda-powertools/logger'

/**
 * The core's logger. A message is a constant sentence; variable values go into fields. Neither may
 * hold a secret, a person's name or a text that a person wrote: only tenants, ids, types, counts, codes.
 */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** Powertools' fields that say the same in each line of a log group, which is paid by the byte. */
const constantFields = new Set(['function_arn', 'function_memory_size', 'sampling_rate'])

/** The structured logger of a function. LOG_LEVEL sets how much it says (default INFO). */
export function createLog(): Logger {
  return new Logger({
    serviceName: 'ecos-eventbridge',
    jsonReplacerFn: (key, value) => (constantFields.has(key) ? undefined : value),
  })
}

/** By severity. */
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT']

/**
 * Writes a line that carries metrics in the embedded metric format. Where LOG_LEVEL silences the line,
 * the metrics are written without its message.
 */
export function logWithMetrics(
  log: Logger,
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>>,
  metrics: Readonly<Record<string, unknown>> | undefined,
): void {
  // The logger adds the service, and refuses it as a field.
  const { service: _, ...rest } = metrics ?? {}
  log[level](message, { ...fields, ...rest })
  const isSilenced = levels.indexOf(level.toUpperCase()) < levels.indexOf(log.getLevelName())
  if (metrics === undefined || !isSilenced) return
  // Not by console.log, before whose lines Lambda puts the time and the request's id.
  process.stdout.write(`${JSON.stringify({ ...fields, ...metrics })}\n`)
}
