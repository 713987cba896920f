import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { parseExactJson } from '../events/exact-number.ts'
import { interests } from '../events/interest.ts'

/**
 * The messages of the handshake between sources of record events and their listeners, as JSON.
 * docs/record-events.asyncapi.yaml documents them, and a test compares the two.
 *
 * A reader ignores unknown fields and whole messages of another version.
 */
export const protocolVersion = 1

/** The longest lease that a listener may request: a day. */
const maxLeaseSeconds = 86_400

export const participantId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  .describe('The same for all instances that do the same work.')

const participant = z
  .object({
    id: participantId,
    instanceId: z.string().min(1).max(128).describe('One running instance.'),
  })
  .meta({ id: 'Participant' })

const queueName = z.string().min(1).max(255).describe('A queue, by its name.')

const sequence = z
  .number()
  .int()
  .nonnegative()
  .describe('Grows with each message of an instance: a smaller one came late, and counts no more.')

const head = { version: z.literal(protocolVersion), sequence }

/** A source broadcasts its start and asks every listener for its interests. */
export const sourceStarted = z
  .object({
    ...head,
    kind: z.literal('source.started'),
    source: participant,
    replyTo: queueName,
  })
  .meta({ id: 'SourceStarted' })
export type SourceStarted = z.infer<typeof sourceStarted>

/**
 * A listener's complete interests: broadcast at its start, on each change and before its lease ends, and
 * sent as the answer to a source.
 */
export const listenerSubscribed = z
  .object({
    ...head,
    kind: z.literal('listener.subscribed'),
    listener: participant,
    queue: queueName.describe('Where its events go.'),
    replyTo: queueName.optional().describe('Where a source may say that it has accepted.'),
    leaseSeconds: z
      .number()
      .int()
      .positive()
      .max(maxLeaseSeconds)
      .describe('After so long without another, the instance is taken to be gone.'),
    interests,
  })
  .meta({ id: 'ListenerSubscribed' })
export type ListenerSubscribed = z.infer<typeof listenerSubscribed>

/** A listener unsubscribes from all events. */
export const listenerWithdrawn = z
  .object({
    ...head,
    kind: z.literal('listener.withdrawn'),
    listener: participant,
  })
  .meta({ id: 'ListenerWithdrawn' })
export type ListenerWithdrawn = z.infer<typeof listenerWithdrawn>

/** A source confirms a subscription: from now on the listener receives its events. */
export const sourceAccepted = z
  .object({
    ...head,
    kind: z.literal('source.accepted'),
    source: participant,
    listener: participant,
    /** The sequence of the confirmed `listener.subscribed`. */
    accepted: sequence,
  })
  .meta({ id: 'SourceAccepted' })
export type SourceAccepted = z.infer<typeof sourceAccepted>

export const handshakeMessage = z.discriminatedUnion('kind', [
  sourceStarted,
  sourceAccepted,
  listenerSubscribed,
  listenerWithdrawn,
])
export type HandshakeMessage = z.infer<typeof handshakeMessage>

/** Bytes. */
const maxMessageSize = 1_048_576

export function encodeMessage(message: HandshakeMessage): Buffer {
  return Buffer.from(JSON.stringify(message))
}

/** @throws EcosError `invalid-handshake`, naming the fields at fault */
export function decodeMessage(body: Uint8Array): HandshakeMessage {
  if (body.length > maxMessageSize) {
    throw refusal(`it has ${body.length} bytes, and the limit is ${maxMessageSize}`)
  }
  const json = parseExactJson(new TextDecoder().decode(body))
  if (json === undefined) throw refusal('it is not JSON')
  const parsed = handshakeMessage.safeParse(json)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw refusal(faults.slice(0, 5).join('; '))
}

function refusal(problem: string): EcosError {
  return new EcosError('invalid-handshake', `Invalid handshake message: ${problem}`)
}
