import { isObject, parseJson } from '../parse.ts'
import { escapeForSqs } from '../text.ts'
import { isEventType } from './catalogue.ts'
import type { Envelope } from './envelope.ts'
import { asAttribute, eventId } from './event-id.ts'
import { propertyText } from './json-text.ts'
import { type Traced, traceOf } from './trace.ts'

/** An event as it is carried: what the bus needs to know of it, and its data as it was sent. */
export interface EcosEvent extends Traced {
  readonly tenant: string
  /** One of the catalogue's, or another of events 2.0 that a listener asked for. */
  readonly type: string
  readonly id: string
  /** When it happened, where the producer says so. */
  readonly time?: Date
  /** The record that it is about. */
  readonly subject?: string
  /** The JSON text of `data`, untouched. */
  readonly dataText: string
}

/** Why a message can't become an event. Stable: operators select by it. docs/bad-input.md explains. */
export type Refusal =
  | 'empty-body'
  | 'not-utf8'
  | 'not-json'
  | 'not-an-event'
  | 'no-type'
  | 'unknown-type'
  | 'type-mismatch'
  | 'too-deep'

export type Decoded =
  | { readonly outcome: 'event'; readonly event: EcosEvent }
  | { readonly outcome: 'refused'; readonly reason: Refusal; readonly explanation: string }

/** PutEvents takes JSON nested at most this deep (EventBridge API reference, PutEvents). */
export const deepestNesting = 1000

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a message's body as ECOS sends it: `{"data":{...}}` in JSON, in UTF-8. Never throws.
 *
 * @param routingKey undefined where it is not known: then the body alone says which type it is
 */
export function decodeEvent(
  tenant: string,
  routingKey: string | undefined,
  body: Uint8Array,
): Decoded {
  if (body.length === 0) return refused('empty-body', 'the body is empty')

  const json = decodeText(body)
  if (json === undefined) return refused('not-utf8', 'the body is not UTF-8 text')

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
  const { text, depth } = propertyText(json, 'data')
  if (text === undefined || depth > deepestNesting) {
    return refused(
      'too-deep',
      `the body is nested ${depth} deep, and the bus takes ${deepestNesting}`,
    )
  }
  const time = asTime(data['createdDate'])
  const subject = asAttribute(data['docId'])
  return {
    outcome: 'event',
    event: {
      tenant,
      type,
      id: eventId(tenant, type, data['id'], body),
      ...(time && { time }),
      ...(subject !== undefined && { subject }),
      dataText: text,
    },
  }
}

/**
 * The envelope's JSON text, for `Detail`.
 *
 * @param dataref where the data lies, if it is too large to stand in the envelope itself
 */
export function envelopeText(event: EcosEvent, dataref?: string): string {
  // A rule hands the event to SQS, which would refuse it, and it would be lost.
  return escapeForSqs(envelopeJson(event, dataref))
}

function envelopeJson(event: EcosEvent, dataref?: string): string {
  const attributes: Envelope = {
    specversion: '1.0',
    id: event.id,
    source: `/ecos/tenants/${event.tenant}`,
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

function decodeText(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body)
  } catch {
    return undefined
  }
}

/** Epoch milliseconds as a time, where that is one with a four-digit year. */
export function asTime(milliseconds: unknown): Date | undefined {
  const inRange =
    typeof milliseconds === 'number' && milliseconds > 0 && milliseconds < Date.UTC(10_000, 0)
  return inRange ? new Date(milliseconds) : undefined
}
