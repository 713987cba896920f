import type { Log } from '../log.ts'
import type { Broker } from './broker.ts'

/**
 * Logs when the broker blocks publishing, and when it resumes. Events flow on meanwhile: consuming is
 * not blocked, and relieves the broker.
 *
 * @param onBlocked gets the broker's reason, and undefined when it resumes
 */
export function watchBlocks(
  broker: Broker,
  log: Log,
  onBlocked: (reason: string | undefined) => void,
): void {
  broker.onBlocked((reason) => {
    if (reason === undefined) log.info('RabbitMQ accepts publishing again')
    else log.warn('RabbitMQ blocks publishing: it has raised an alarm', { reason })
    onBlocked(reason)
  })
}
