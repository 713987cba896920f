import { readEvent2 } from '../records/events-2/reading.ts'
import type { InterestsOf } from '../records/interests.ts'
import type { Bus } from './publish/bus.ts'
import { createPublisher, type PublisherOptions } from './publish/publisher.ts'
import type { BridgeContext } from './settle-message.ts'

/**
 * The context for events 2.0: its own reader, and its own publisher with one call in flight, so that
 * no call overtakes another.
 */
export function events2Context(
  context: BridgeContext,
  bus: Bus,
  interestsOf: InterestsOf,
  options: Omit<PublisherOptions, 'mostCalls'> = {},
): BridgeContext {
  return {
    ...context,
    publisher: createPublisher(bus, { ...options, mostCalls: 1 }),
    read: (message) => readEvent2(message, interestsOf),
  }
}
