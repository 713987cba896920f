import * as z from 'zod'
import type { Origin } from '../bridge/origin.ts'

/** An entry of RabbitMQ's header `x-death` (https://www.rabbitmq.com/docs/dlx#effects). */
const entry = z.object({
  reason: z.string(),
  exchange: z.string(),
  'routing-keys': z.array(z.string()).min(1),
  time: z.object({ value: z.number() }).optional(),
})
const entries = z.array(entry).min(1)

/** Why and when the broker dead-lettered a message, and where it was first published. */
export interface Death {
  /** `expired`, `rejected`, `maxlen` or `delivery_limit`. */
  readonly reason: string
  readonly at: Date
  readonly origin: Origin
}

/** @returns undefined without a readable `x-death` */
export function deathOf(headers: Readonly<Record<string, unknown>> = {}): Death | undefined {
  const { data } = entries.safeParse(headers['x-death'])
  // The newest entry is the first.
  const [last, first] = [data?.[0], data?.at(-1)]
  if (!last || !first) return undefined
  const [routingKey = ''] = first['routing-keys']
  return {
    reason: last.reason,
    at: new Date((last.time?.value ?? 0) * 1000),
    origin: { exchange: first.exchange, routingKey },
  }
}
