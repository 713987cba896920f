import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { eventId } from '../../lib/events/event-id.ts'
import { fileText } from '../../lib/file-text.ts'
import { isObject, parseJson } from '../../lib/parse.ts'
import { tenantId } from '../../lib/tenants/tenant-id.ts'

/** A message to publish: a line of an events file. */
export type SampleMessage = {
  line: number
  tenant: string
  exchange: string
  routingKey: string
  properties: Record<string, unknown>
  body: string
  /** The event id that the bridge will give it. */
  eventId: string
  /** The routing key: with another type in its body, the bridge refuses a message. */
  type: string
}

/** The properties that ECOS's producer sets. */
const ecosProperties = { contentType: 'text/plain', deliveryMode: 2, priority: 0 }

const exchangePattern = /^tenant\.(.+)\.events$/

const lineOfFile = z.object({
  exchange: z.string().transform((exchange, context) => {
    const tenant = tenantId.safeParse(exchangePattern.exec(exchange)?.[1])
    if (tenant.success) return { exchange, tenant: tenant.data }
    context.addIssue(`is not tenant.<tenant id>.events: ${messagesOf(tenant.error)}`)
    return z.NEVER
  }),
  // AMQP: a short string has at most 255 bytes.
  routingKey: z.string().refine((key) => Buffer.byteLength(key) <= 255, 'has over 255 bytes'),
  properties: z.record(z.string(), z.unknown()).default(ecosProperties),
  body: z.string(),
})

/**
 * Reads messages from JSON lines: `{"exchange","routingKey","properties","body"}`.
 *
 * @throws EcosError `events-file`, naming file, line and field
 */
export async function readEventsFile(path: string): Promise<SampleMessage[]> {
  const reading = readFile(path).then(fileText)
  const text = await reading.catch((cause: unknown) => {
    const message = `The events file ${path} can't be read: ${messageOf(cause)}`
    throw new EcosError('events-file', message, { cause })
  })
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [readLine(line, index + 1, `${path}:${index + 1}`)]
  })
}

function readLine(text: string, line: number, place: string): SampleMessage {
  const json = parseJson(text)
  if (json === undefined) throw new EcosError('events-file', `${place}: is not JSON`)
  const parsed = lineOfFile.safeParse(json)
  if (!parsed.success) {
    throw new EcosError('events-file', `${place}: ${messagesOf(parsed.error)}`)
  }
  const { exchange: of, ...rest } = parsed.data
  return identified({ line, ...of, ...rest })
}

const day = 86_400_000

/** A time of an event, in milliseconds, in the text of its body. */
const times = /("(?:createdDate|date|dueDate)":\s*)(\d{13})\b/g

/**
 * The samples as if ECOS had sent them just now, for whoever looks at how long each one takes: the latest event is
 * of `now`, and a task is due as many days later.
 */
export function sentNow(messages: readonly SampleMessage[], now: Date): SampleMessage[] {
  const created = messages.flatMap(({ body }) =>
    [...body.matchAll(times)].flatMap(([, key = '', time]) =>
      key.startsWith('"dueDate') ? [] : [Number(time)],
    ),
  )
  const shift = now.getTime() - Math.max(...created)
  const days = Math.round(shift / day) * day
  return messages.map((message) => {
    const body = message.body.replaceAll(times, (_, key: string, time: string) => {
      return `${key}${Number(time) + (key.startsWith('"dueDate') ? days : shift)}`
    })
    // Where a body names no id, its hash is the event's id.
    return identified({ ...message, body })
  })
}

/** Adds the event's id and type. */
export function identified(message: Omit<SampleMessage, 'eventId' | 'type'>): SampleMessage {
  const { tenant, routingKey, body } = message
  const id = eventId(tenant, routingKey, dataOf(body)?.['id'], Buffer.from(body))
  return { ...message, type: routingKey, eventId: id }
}

function messagesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; ')
}

/** `data` of a body, if it is an object. */
export function dataOf(body: string): Record<string, unknown> | undefined {
  const message = parseJson(body)
  const data = isObject(message) ? message['data'] : undefined
  return isObject(data) ? data : undefined
}
