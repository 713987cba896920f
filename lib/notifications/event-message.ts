import * as z from 'zod'
import { type BusEvent, parseBusEvent } from '../events/bus-event.ts'
import { sourceOf } from '../events/source.ts'
import { escapeForSqs } from '../text.ts'

/** A part of an event's recipients, which one message at a time carries on with, step by step. */
const part = z.object({
  /** From 0. */
  number: z.number().int().min(0),
  /** From 0; each message of the part is a step. */
  step: z.number().int().min(0),
  after: z.string().optional(),
  upTo: z.string().optional(),
})
export type Part = Readonly<z.infer<typeof part>>

const withPart = z.object({ part })

/** A message in the queue of an event type: an event as the bus delivers it, or one part of it. */
export interface EventMessage extends BusEvent {
  readonly part?: Part
}

/** How the messages that `encodePart` writes begin; those of the bus never do. */
const partStart = '{"part":'

/** @throws EcosError `invalid-event` or `tenant-mismatch` */
export function parseEventMessage(body: string): EventMessage {
  const event = parseBusEvent(body)
  return body.startsWith(partStart)
    ? { ...event, part: withPart.parse(JSON.parse(body)).part }
    : event
}

/** The message of a part: the part, and the event with the digits of its numbers. */
export function encodePart(event: BusEvent, part: Part): string {
  const { tenant, eventType, eventId, again, time, subject, data, dataref } = event
  const { traceparent, tracestate } = event
  const source = sourceOf(tenant)
  const detail = {
    ...{ specversion: '1.0', id: eventId, source, type: eventType, tenantid: tenant },
    ...{ time, subject, traceparent, tracestate },
    ...{ datacontenttype: 'application/json', data, dataref },
  }
  return escapeForSqs(
    JSON.stringify({ part, source, 'detail-type': eventType, 'replay-name': again, detail }),
  )
}
