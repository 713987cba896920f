import type { Context } from 'aws-lambda'
import type { EventKey } from '../events/bus-event.ts'

export type OnceOutcome = 'handled' | 'duplicate'

/**
 * Does the work of an event, unless it has been done. Work that fails leaves no trace, so that the
 * next try does it again.
 *
 * @throws what the work throws; EcosError `event-in-progress` while another invocation is at it
 */
export type Once = (
  event: EventKey,
  context: Context,
  work: () => Promise<unknown>,
) => Promise<OnceOutcome>

/** Where nothing is remembered: an event that comes twice is handled twice. */
export const everyTime: Once = async (_event, _context, work) => {
  await work()
  return 'handled'
}
