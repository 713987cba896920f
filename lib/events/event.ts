import { isObject, parseJson } from '../parse.ts'
import { escapeTenant } from '../tenant-name.ts'
import { escapeForSqs } from '../text.ts'
import { type BodyParts, findParts } from './body-parts.ts'
import { type BodyText, decodeText, type TextRefusal } from './body-text.ts'
import { isEventType } from './catalogue.ts'
import type { Envelope } from './envelope.ts'
import { asAttribute, eventId } from './event-id.ts'
import { propertyText, withNumbersInRange } from './json-text.ts'
import { nameOtherTenant } from './other-tenant.ts'
import { epochMilliseconds } from './times.ts'
import { type Traced, traceOf } from './trace.ts'

/** An event on its way to the bus: what the envelope needs, and the data as it was sent. */
export interface EcosEvent extends Traced {
  readonly tenant: string
  /** A type of the catalogue, or another type of events 2.0 that a listener requested. */
  readonly type: string
  readonly id: string
  /** When it happened, if the producer says so. */
  readonly time?: Date | undefined
  /** The id of the record. */
  readonly subject?: string | undefined
  /** The JSON text of `data` in UTF-8, as it was sent. */
  readonly data: Uint8Array
  /** Whether the body names another tenant. */
  readonly namesOtherTenant?: boolean
}

/** Why a message can't become an event. Stable, since operators select by it. See docs/bad-input.md */
export type Refusal =
  | TextRefusal
  | 'empty-body'
  | 'not-json'
  | 'not-an-event'
  | 'no-type'
  | 'unknown-type'
  | 'type-mismatch'
  | 'too-deep'

interface Refused {
  readonly outcome: 'refused'
  readonly reason: Refusal
  readonly explanation: string
}

export type Decoded = { readonly outcome: 'event'; readonly event: EcosEvent } | Refused

/** Levels of JSON that PutEvents takes (EventBridge API reference, PutEvents). */
export const maxNesting = 1000

/**
 * Reads a message of events 1.0: `{"data":{...}}` in JSON. Never throws.
 *
 * @param routingKey undefined if it is not known: then the body alone decides the type
 * @param decoded the body's text, if its properties declare an encoding (default: UTF-8)
 */
export function decodeEvent(
  tenant: string,
  routingKey: string | undefined,
  body: Uint8Array,
  decoded?: BodyText,
): Decoded {
  if (body.length === 0) return refused('empty-body', 'the body is empty')
  const found = decoded === undefined ? findParts(body) : undefined
  const parts = found ?? parseParts(decoded ?? decodeText(body))
  if ('outcome' in parts) return parts

  const { message, data } = parts
  const type = data['type']
  if (typeof type !== 'string') return refused('no-type', '"data.type" is not a text')
  if (!isEventType(type)) return refused('unknown-type', '"data.type" is not a known event type')
  if (routingKey !== undefined && type !== routingKey) {
    return refused('type-mismatch', `"data.type" is ${type}, but the routing key is another`)
  }
  const namesOtherTenant = nameOtherTenant(tenant, message) || nameOtherTenant(tenant, data)
  return {
    outcome: 'event',
    event: {
      tenant,
      type,
      id: eventId(tenant, type, data['id'], body),
      time: asTime(epochMilliseconds(data['createdDate'])),
      subject: asAttribute(data['docId']),
      data: parts.dataBytes,
      namesOtherTenant,
    },
  }
}

/** The same as `findParts` for any body, by JSON.parse. */
function parseParts(decoded: BodyText): BodyParts | Refused {
  if (decoded.outcome === 'refused') return decoded
  const json = decoded.text
  const message = parseJson(json)
  if (message === undefined) return refused('not-json', 'the body is not JSON')
  if (!isObject(message) || !isObject(message['data'])) {
    return refused('not-an-event', 'the body is not an object with an object "data"')
  }
  const { text, depth } = propertyText(json, 'data')
  if (text === undefined || depth > maxNesting) {
    return refused('too-deep', `the body is nested ${depth} deep, and the limit is ${maxNesting}`)
  }
  return { message, data: message['data'], dataBytes: dataBytesOf(text) }
}

/** An event's `data`, from its JSON text. */
export function dataBytesOf(json: string): Uint8Array {
  // A rule hands the event to SQS, which would refuse it, and it would be lost.
  return Buffer.from(escapeForSqs(withNumbersInRange(json)))
}

/**
 * The envelope's JSON text in UTF-8, for `Detail`.
 *
 * @param dataref reference to the data, if it is too large for the envelope
 */
export function envelopeBytes(event: EcosEvent, dataref?: string): Buffer {
  const { traceparent, tracestate } = traceOf(event)
  // What is undefined is not written.
  const attributes: Envelope = {
    specversion: '1.0',
    id: event.id,
    source: `/ecos/tenants/${escapeTenant(event.tenant)}`,
    type: event.type,
    time: event.time?.toISOString(),
    subject: event.subject,
    traceparent,
    tracestate,
    tenantid: event.tenant,
    datacontenttype: 'application/json',
    dataref,
  }
  const text = escapeForSqs(JSON.stringify(attributes))
  if (dataref !== undefined) return Buffer.from(text)
  return Buffer.concat([Buffer.from(`${text.slice(0, -1)},"data":`), event.data, end])
}

const end = Buffer.from('}')

function refused(reason: Refusal, explanation: string): Refused {
  return { outcome: 'refused', reason, explanation }
}

/** Epoch milliseconds as a time, if its year has four digits. */
export function asTime(milliseconds: unknown): Date | undefined {
  const inRange =
    typeof milliseconds === 'number' && milliseconds > 0 && milliseconds < Date.UTC(10_000, 0)
  return inRange ? new Date(milliseconds) : undefined
}
