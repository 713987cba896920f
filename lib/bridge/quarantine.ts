import { createHash } from 'node:crypto'
import type { PayloadStore } from '../events/payload-store.ts'
import { escapeTenant } from '../tenant-name.ts'
import { cut, escapeForSqs } from '../text.ts'
import { toJsonValue } from './field-values.ts'
import type { QueuedMessage } from './message.ts'

/** A message that cannot be bridged because of its content, as the quarantine queue holds it. */
export interface QuarantineRecord {
  readonly tenant: string
  readonly queue: string
  /** The exchange through which it may be sent back (default: the one named like the queue). */
  readonly entrance?: string
  /** Absent, like the routing key, in messages from Lambda's Amazon MQ source. */
  readonly exchange?: string
  readonly routingKey?: string
  /** Stable: operators select by it. */
  readonly reason: string
  readonly explanation: string
  /** ISO 8601. */
  readonly quarantinedAt: string
  /** The AMQP properties with the headers, as `toJsonValue` writes them. */
  readonly properties: Readonly<Record<string, unknown>>
  /** The unchanged body in base64, or, if the record would be too large with it, its reference. */
  readonly body?: string
  readonly bodyref?: string
}

export interface Quarantine {
  /** Resolves once the message is stored. */
  store(message: QueuedMessage, reason: string, explanation: string): Promise<void>
}

/** Sends one record to the quarantine queue. */
export type SendRecord = (record: QuarantineRecord) => Promise<void>

/**
 * Bytes of a record that carries its body: well below the 1 MiB of an SQS message with its attributes
 * (SQS quotas). Without a body every record fits: the broker sends the properties in one frame, of at
 * most 128 kB, which JSON can make six times as long.
 */
const maxRecordBytes = 850_000

/** Characters. */
const maxExplanation = 1_000

/** The record as the queue's message. */
export function recordText(record: QuarantineRecord): string {
  return escapeForSqs(JSON.stringify(record))
}

export function createQuarantine(send: SendRecord, payloads: PayloadStore): Quarantine {
  return {
    async store(message, reason, explanation) {
      const { tenant, queue, entrance, exchange, routingKey, properties, body } = message
      const record: QuarantineRecord = {
        tenant,
        queue,
        ...(entrance !== undefined && { entrance }),
        ...(exchange !== undefined && { exchange }),
        ...(routingKey !== undefined && { routingKey }),
        reason,
        explanation: cut(explanation, maxExplanation),
        quarantinedAt: new Date().toISOString(),
        properties: toJsonValue(properties) as QuarantineRecord['properties'],
      }
      const base64Bytes = 4 * Math.ceil(body.length / 3)
      const fits = Buffer.byteLength(recordText(record)) + base64Bytes <= maxRecordBytes
      await send({
        ...record,
        ...(fits
          ? { body: Buffer.from(body).toString('base64') }
          : { bodyref: await payloads.save(keyOf(message), body) }),
      })
    },
  }
}

function keyOf({ tenant, body }: QueuedMessage): string {
  return `quarantine/${escapeTenant(tenant)}/${createHash('sha256').update(body).digest('hex')}`
}
