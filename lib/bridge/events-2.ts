import { readEvent2 } from '../records/events-2/reading.ts'
import type { InterestsOf } from '../records/interests.ts'
import type { Carriers } from './carry.ts'
import type { Bus } from './publish/bus.ts'
import { createPublisher, type PublisherOptions } from './publish/publisher.ts'

/**
 * What carries events 2.0: as those of 1.0 are carried, but read as what they are, and with a publisher
 * of their own that has one call in flight, so that no call overtakes another.
 */
export function events2Carriers(
  carriers: Carriers,
  bus: Bus,
  interestsOf: InterestsOf,
  options: Omit<PublisherOptions, 'mostCalls'> = {},
): Carriers {
  return {
    ...carriers,
    publisher: createPublisher(bus, { ...options, mostCalls: 1 }),
    read: (message) => readEvent2(message, interestsOf),
  }
}
