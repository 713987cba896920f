import { createHash } from 'node:crypto'
import type { PayloadStore } from '../events/payload-store.ts'
import type { QueuedMessage } from './message.ts'

/** A message that can't be bridged for its content, as it stands in the quarantine queue. */
export interface QuarantineRecord {
  readonly tenant: string
  readonly queue: string
  /** Absent, as the routing key is, of a message that came by way of Amazon MQ's source. */
  readonly exchange?: string
  readonly routingKey?: string
  /** Stable: operators select by it. */
  readonly reason: string
  readonly explanation: string
  /** ISO 8601. */
  readonly quarantinedAt: string
  readonly properties: Readonly<Record<string, unknown>>
  /** The body as it was, in base64; or, where the queue can't take so much, where it lies. */
  readonly body?: string
  readonly bodyref?: string
}

export interface Quarantine {
  /** Resolves once the message is stored. */
  store(message: QueuedMessage, reason: string, explanation: string): Promise<void>
}

/** Sends one record to the quarantine queue. */
export type SendRecord = (record: QuarantineRecord) => Promise<void>

/** An SQS message has at most 1 MiB (SQS quotas): the body, in base64, beside the rest. */
const largestBody = 600_000

export function createQuarantine(send: SendRecord, payloads: PayloadStore): Quarantine {
  return {
    async store(message, reason, explanation) {
      const { tenant, queue, exchange, routingKey, properties, body } = message
      await send({
        tenant,
        queue,
        ...(exchange !== undefined && { exchange }),
        ...(routingKey !== undefined && { routingKey }),
        reason,
        explanation,
        quarantinedAt: new Date().toISOString(),
        properties,
        ...(body.length > largestBody
          ? { bodyref: await payloads.save(keyOf(message), body) }
          : { body: Buffer.from(body).toString('base64') }),
      })
    },
  }
}

function keyOf({ tenant, body }: QueuedMessage): string {
  return `quarantine/${tenant}/${createHash('sha256').update(body).digest('hex')}`
}
