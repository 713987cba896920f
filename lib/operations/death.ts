import * as z from 'zod'
import type { Origin } from '../bridge/origin.ts'

/** The last that a Date holds (ECMA-262, Time Values). */
const lastSecond = 8.64e12

/** An entry of RabbitMQ's header `x-death` (https://www.rabbitmq.com/docs/dlx#effects). */
const entry = z.object({
  queue: z.string(),
  reason: z.string(),
  exchange: z.string(),
  // What a publisher wrote there may have grown beyond exact numbers, and counts as more than one.
  count: z.number().catch(Number.POSITIVE_INFINITY),
  'routing-keys': z.array(z.string()).min(1),
  time: z
    .object({ value: z.number().max(lastSecond) })
    .optional()
    .catch(undefined),
})

/** Why and when the broker last dead-lettered a message, from which queue, and where it was published. */
export interface Death {
  /** `expired`, `rejected`, `maxlen` or `delivery_limit`. */
  readonly reason: string
  readonly at: Date
  readonly queue: string
  /** How often, as far as the entry goes back: it may be the publisher's to begin with. */
  readonly count: number
  readonly origin: Origin
}

/** @returns undefined without a readable `x-death` */
export function deathOf(headers: Readonly<Record<string, unknown>> = {}): Death | undefined {
  const entries = headers['x-death']
  // The newest entry is the first. Older ones may be the publisher's, and anything.
  const { data: last } = entry.safeParse(Array.isArray(entries) ? entries[0] : undefined)
  if (!last) return undefined
  const [routingKey = ''] = last['routing-keys']
  return {
    reason: last.reason,
    at: new Date((last.time?.value ?? 0) * 1000),
    queue: last.queue,
    count: last.count,
    origin: { exchange: last.exchange, routingKey },
  }
}
