import * as z from 'zod'
import { EcosError } from '../../errors.ts'
import { late } from '../../late.ts'
import { bridgeQueue } from '../../tenants/names.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import { noTenant } from '../bridge-queue.ts'
import type { QueuedMessage } from '../message.ts'

/**
 * A batch from Lambda: messages by `queue::virtual host`; `data` is the body in base64.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 */
const rabbitMqEvent = late(() =>
  z.object({
    eventSource: z.literal('aws:rmq'),
    eventSourceArn: z.string(),
    rmqMessagesByQueue: z.record(
      z.string(),
      z.array(
        z.object({
          basicProperties: z.record(z.string(), z.unknown()).nullish(),
          redelivered: z.boolean(),
          data: z.string().nullish(),
        }),
      ),
    ),
  }),
)

/** Tenant ids by broker, queue and virtual host. */
export type TenantsByQueue = ReadonlyMap<string, string>

export function tenantsByQueue(tenants: readonly Tenant[]): TenantsByQueue {
  return new Map(
    tenants.flatMap((tenant) => {
      if (tenant.broker === undefined) return []
      const { amazonMq, virtualHost } = tenant.broker
      return [[keyOf(amazonMq, `${bridgeQueue(tenant.id)}::${virtualHost}`), tenant.id]]
    }),
  )
}

/**
 * Reads the messages of a batch. Lambda omits exchange and routing key.
 *
 * @throws EcosError `invalid-batch` if it is not an event of Lambda's RabbitMQ source
 */
export function parseBatch(event: unknown, tenants: TenantsByQueue): QueuedMessage[] {
  const parsed = rabbitMqEvent.safeParse(event)
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'the event').join(', ')
    throw new EcosError(
      'invalid-batch',
      `The event is not a batch of RabbitMQ messages; wrong fields: ${fields}`,
    )
  }
  const { eventSourceArn, rmqMessagesByQueue } = parsed.data
  return Object.entries(rmqMessagesByQueue).flatMap(([source, messages]) =>
    messages.map(({ basicProperties, redelivered, data }) => ({
      tenant: tenants.get(keyOf(eventSourceArn, source)) ?? noTenant,
      queue: source.slice(0, source.lastIndexOf('::')),
      properties: propertiesOf(basicProperties ?? {}),
      redelivered,
      body: Buffer.from(data ?? '', 'base64'),
    })),
  )
}

function keyOf(brokerArn: string, source: string): string {
  return `${brokerArn} ${source}`
}

/** Absent properties come as null, and a header's text as `{"bytes":[…]}`. */
function propertiesOf(properties: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(properties).filter(([, value]) => value !== null)
  return Object.fromEntries(
    given.map(([name, value]) => [name, name === 'headers' ? headersOf(value) : value]),
  )
}

const byteText = late(() => z.object({ bytes: z.array(z.number()) }))

function headersOf(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return headers
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = byteText.safeParse(value)
      return [name, text.success ? Buffer.from(text.data.bytes).toString() : value]
    }),
  )
}
