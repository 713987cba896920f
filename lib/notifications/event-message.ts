import * as z from 'zod'
import { type BusEvent, parseBusEvent } from '../events/bus-event.ts'
import { sourceOf } from '../events/source.ts'
import { late } from '../late.ts'
import { escapeForSqs } from '../text.ts'

/** A part of an event's recipients, which one message at a time carries on with, step by step. */
const part = late(() =>
  z.object({
    /** From 0. */
    number: z.number().int().min(0),
    /** From 0; each message of the part is a step. */
    step: z.number().int().min(0),
    after: z.string().optional(),
    upTo: z.string().optional(),
  }),
)
export type Part = Readonly<z.infer<typeof part>>

/** A notification that could not be planned, and whose person is to be told again. */
const failed = late(() => z.object({ username: z.string(), notificationId: z.string() }))
export type FailedOne = Readonly<z.infer<typeof failed>>

/** Which of the event's people a message tells; by default all. */
const scope = late(() => z.union([z.object({ part }), z.object({ failed })]))

/** A message in the queue of an event type: an event as the bus delivers it, or for some of its people. */
export interface EventMessage extends BusEvent {
  readonly part?: Part
  readonly failed?: FailedOne
}

/** How the messages with a scope begin; those of the bus never do. */
const scopeStart = /^\{"(part|failed)":/

/** @throws EcosError `invalid-event` or `tenant-mismatch` */
export function parseEventMessage(body: string): EventMessage {
  const event = parseBusEvent(body)
  return scopeStart.test(body) ? { ...event, ...scope.parse(JSON.parse(body)) } : event
}

/** Whether a message tells people of a crowd for some seconds. */
export function isPart(body: string): boolean {
  return body.startsWith('{"part":')
}

/** The message of an event, with the digits of its numbers. */
export function encodeEvent(event: BusEvent, scope: Pick<EventMessage, 'part' | 'failed'>): string {
  const { tenant, eventType, eventId, again, time, subject, data, dataref } = event
  const { traceparent, tracestate } = event
  const source = sourceOf(tenant)
  const detail = {
    ...{ specversion: '1.0', id: eventId, source, type: eventType, tenantid: tenant },
    ...{ time, subject, traceparent, tracestate },
    ...{ datacontenttype: 'application/json', data, dataref },
  }
  return escapeForSqs(
    JSON.stringify({ ...scope, source, 'detail-type': eventType, 'replay-name': again, detail }),
  )
}
