import * as z from 'zod'
import type { Origin } from '../bridge/origin.ts'

/** The last that a Date holds (ECMA-262, Time Values). */
const lastSecond = 8.64e12

/** What is not as RabbitMQ writes it is a publisher's, and hides nothing else of the entry. */
const text = z.string().optional().catch(undefined)

/** An entry of RabbitMQ's header `x-death` (https://www.rabbitmq.com/docs/dlx#effects). */
const entry = z.object({
  queue: text,
  reason: text,
  exchange: text,
  // What a publisher wrote there may have grown beyond exact numbers, and counts as more than one.
  count: z.number().catch(Number.POSITIVE_INFINITY),
  'routing-keys': z.array(z.unknown()).catch([]),
  time: z
    .object({ value: z.number().nonnegative().max(lastSecond) })
    .optional()
    .catch(undefined),
})

/** Why and when the broker last dead-lettered a message, from which queue, and where it was published, as far as it is told. */
export interface Death {
  /** `expired`, `rejected`, `maxlen` or `delivery_limit`. */
  readonly reason?: string
  readonly at: Date
  readonly queue?: string
  /** How often, as far as the entry goes back: it may be the publisher's to begin with. */
  readonly count: number
  /** Set if the entry names both the exchange and the routing key. */
  readonly origin?: Origin
}

/** @returns undefined without a readable `x-death` */
export function deathOf(headers: Readonly<Record<string, unknown>> = {}): Death | undefined {
  const entries = headers['x-death']
  // The newest entry is the first. Older ones may be the publisher's, and anything.
  const { data: last } = entry.safeParse(Array.isArray(entries) ? entries[0] : undefined)
  if (!last) return undefined
  const { reason, queue, exchange, count, time } = last
  const [routingKey] = last['routing-keys']
  return {
    ...(reason !== undefined && { reason }),
    at: new Date((time?.value ?? 0) * 1000),
    ...(queue !== undefined && { queue }),
    count,
    ...(exchange !== undefined &&
      typeof routingKey === 'string' && { origin: { exchange, routingKey } }),
  }
}
