import { isObject, parseJson } from '../parse.ts'
import { escapeTenant } from '../tenant-name.ts'
import { escapeForSqs } from '../text.ts'
import { type BodyText, decodeText, type TextRefusal } from './body-text.ts'
import { isEventType } from './catalogue.ts'
import type { Envelope } from './envelope.ts'
import { asAttribute, eventId } from './event-id.ts'
import { onlyPropertyText, propertyText, withNumbersInRange } from './json-text.ts'
import { nameOtherTenant } from './other-tenant.ts'
import { type Traced, traceOf } from './trace.ts'

/** An event on its way to the bus: what the envelope needs, and the data as it was sent. */
export interface EcosEvent extends Traced {
  readonly tenant: string
  /** A type of the catalogue, or another type of events 2.0 that a listener requested. */
  readonly type: string
  readonly id: string
  /** When it happened, if the producer says so. */
  readonly time?: Date
  /** The id of the record. */
  readonly subject?: string
  /** The JSON text of `data`, as it was sent. */
  readonly dataText: string
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

export type Decoded =
  | { readonly outcome: 'event'; readonly event: EcosEvent }
  | { readonly outcome: 'refused'; readonly reason: Refusal; readonly explanation: string }

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
  decoded: BodyText = decodeText(body),
): Decoded {
  if (body.length === 0) return refused('empty-body', 'the body is empty')

  if (decoded.outcome === 'refused') return decoded
  const json = decoded.text
  const message = parseJson(json)
  if (message === undefined) return refused('not-json', 'the body is not JSON')

  if (!isObject(message) || !isObject(message['data'])) {
    return refused('not-an-event', 'the body is not an object with an object "data"')
  }
  const { data } = message
  const type = data['type']
  if (typeof type !== 'string') return refused('no-type', '"data.type" is not a text')
  if (!isEventType(type)) return refused('unknown-type', '"data.type" is not a known event type')
  if (routingKey !== undefined && type !== routingKey) {
    return refused('type-mismatch', `"data.type" is ${type}, but the routing key is another`)
  }
  const { text, depth } = dataIn(json, message)
  if (text === undefined || depth > maxNesting) {
    return refused('too-deep', `the body is nested ${depth} deep, and the limit is ${maxNesting}`)
  }
  const time = asTime(data['createdDate'])
  const subject = asAttribute(data['docId'])
  const namesOtherTenant = [message, data].some((fields) => nameOtherTenant(tenant, fields))
  return {
    outcome: 'event',
    event: {
      tenant,
      type,
      id: eventId(tenant, type, data['id'], body),
      ...(time && { time }),
      ...(subject !== undefined && { subject }),
      dataText: withNumbersInRange(text),
      ...(namesOtherTenant && { namesOtherTenant }),
    },
  }
}

/** Most events have `data` alone, which is found without a scan of the whole text. */
function dataIn(json: string, message: object): ReturnType<typeof propertyText> {
  const isAlone = Object.keys(message).length === 1
  const text = isAlone ? onlyPropertyText(json, 'data', maxNesting) : undefined
  return text === undefined ? propertyText(json, 'data') : { text, depth: 0 }
}

/**
 * The envelope's JSON text, for `Detail`.
 *
 * @param dataref reference to the data, if it is too large for the envelope
 */
export function envelopeText(event: EcosEvent, dataref?: string): string {
  // A rule hands the event to SQS, which would refuse it, and it would be lost.
  return escapeForSqs(envelopeJson(event, dataref))
}

function envelopeJson(event: EcosEvent, dataref?: string): string {
  const attributes: Envelope = {
    specversion: '1.0',
    id: event.id,
    source: `/ecos/tenants/${escapeTenant(event.tenant)}`,
    type: event.type,
    ...(event.time && { time: event.time.toISOString() }),
    ...(event.subject !== undefined && { subject: event.subject }),
    ...traceOf(event),
    tenantid: event.tenant,
    datacontenttype: 'application/json',
    ...(dataref !== undefined && { dataref }),
  }
  const text = JSON.stringify(attributes)
  return dataref === undefined ? `${text.slice(0, -1)},"data":${event.dataText}}` : text
}

function refused(reason: Refusal, explanation: string): Decoded {
  return { outcome: 'refused', reason, explanation }
}

/** Epoch milliseconds as a time, if its year has four digits. */
export function asTime(milliseconds: unknown): Date | undefined {
  const inRange =
    typeof milliseconds === 'number' && milliseconds > 0 && milliseconds < Date.UTC(10_000, 0)
  return inRange ? new Date(milliseconds) : undefined
}
