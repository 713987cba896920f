import { prices, type Unit } from './prices.ts'

/** The parts of the way of an event that cost, in the order of the way. */
export const eventHops = ['bridge', 'bus', 'handler', 'sender', 'polling'] as const
export type EventHop = (typeof eventHops)[number]

/** A group of a hop's lines. */
export interface Count {
  readonly hop: EventHop
  readonly group: string
  readonly unit: Unit
  /** Billed units of an event with two notifications, where each message comes alone. */
  readonly alone: number
  /** Where messages come in batches of ten. */
  readonly inTens: number
}

/**
 * What an event with two notifications costs at each hop. docs/cost.md tells these counts, and
 * test/integration/cost.test.ts holds the hops to them: whoever adds a request to a hop changes them here,
 * and sees the price.
 */
export const counts: readonly Count[] = [
  same('bridge', 'events', 'eventbridge-event', 1),
  same('bus', 'requests', 'sqs-request', 1),
  same('handler', 'table writes', 'dynamodb-write', 3),
  same('handler', 'index writes', 'dynamodb-write', 6),
  same('handler', 'reads', 'dynamodb-read', 5.5),
  // A call takes ten messages, of whatever event.
  { hop: 'handler', group: 'requests', unit: 'sqs-request', alone: 1, inTens: 0.2 },
  { hop: 'handler', group: 'starts', unit: 'lambda-request', alone: 1, inTens: 0.1 },
  same('handler', 'time', 'lambda-gb-second', 0.025),
  { hop: 'handler', group: 'logs', unit: 'logs-byte', alone: 1080, inTens: 780 },
  same('sender', 'table writes', 'dynamodb-write', 4),
  // The message as it was sent, compressed, with `keepSentMessages`.
  same('sender', 'messages', 'dynamodb-write', 4),
  // One for each tenant of a batch: the benchmark has ten tenants.
  { hop: 'sender', group: 'turns', unit: 'dynamodb-write', alone: 2, inTens: 0.6 },
  // The notifications of an event share the read of its subject where they come in one batch.
  { hop: 'sender', group: 'reads', unit: 'dynamodb-read', alone: 4, inTens: 3 },
  { hop: 'sender', group: 'starts', unit: 'lambda-request', alone: 2, inTens: 0.2 },
  same('sender', 'time', 'lambda-gb-second', 0.05),
  { hop: 'sender', group: 'logs', unit: 'logs-byte', alone: 2170, inTens: 1810 },
  { hop: 'polling', group: 'requests', unit: 'sqs-request', alone: 6, inTens: 0.6 },
]

/** Of these a hop may have fewer: messages of one batch read the same item once. */
export const sharedInBatches: ReadonlySet<string> = new Set(['reads'])

function same(hop: EventHop, group: string, unit: Unit, units: number): Count {
  return { hop, group, unit, alone: units, inTens: units }
}

/** Messages come alone when nothing else is under way, and in tens where a cell is busy. */
export type Profile = 'alone' | 'inTens'

/** Dollars of a million events. */
export function dollarsPerMillion(count: Count, profile: Profile): number {
  return count[profile] * prices[count.unit] * 1e6
}
