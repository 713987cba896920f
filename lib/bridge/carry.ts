import { EcosError } from '../errors.ts'
import { decodeEvent, type EcosEvent } from '../events/event.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { type Traced, traceIdOf, traceOf } from '../events/trace.ts'
import type { Log } from '../log.ts'
import type { Journal } from './journal.ts'
import type { Delivery, QueuedMessage } from './message.ts'
import { toEntry } from './publish/entry.ts'
import type { Publisher } from './publish/publisher.ts'
import type { Quarantine } from './quarantine.ts'

/**
 * Where a message went. `returned`: nowhere yet; the broker still has it and delivers it again.
 * `dead-lettered`: to the broker's dead-letter queue, since there is no store that could take it.
 * `unasked`: nowhere, since nobody asked for it: its interest has a filter that it does not pass.
 */
export type Fate = (typeof fates)[number]
const fates = ['bridged', 'quarantined', 'unasked', 'returned', 'dead-lettered'] as const

/** How many messages went where, at first. */
export function noFates(): Record<Fate, number> {
  return Object.fromEntries(fates.map((fate) => [fate, 0])) as Record<Fate, number>
}

/** What a message is. */
export type Reading =
  | { readonly outcome: 'event'; readonly event: EcosEvent }
  | { readonly outcome: 'unasked' }
  | { readonly outcome: 'refused'; readonly reason: string; readonly explanation: string }

export interface Carriers {
  readonly publisher: Publisher
  readonly quarantine: Quarantine
  readonly payloads: PayloadStore
  readonly log: Log
  readonly journal: Journal
  /** Told where each message went, once it is settled or left to the broker. */
  readonly onFate?: (tenant: string, fate: Fate) => void
  /** Reads a message of their wire; where it is absent, of events 1.0. Never throws. */
  readonly read?: (message: QueuedMessage) => Promise<Reading>
}

/**
 * Carries one message from the broker to the bus, or to the quarantine where its content can't go
 * further, and acknowledges it only after it is stored there. Never rejects.
 */
export async function carry(delivery: Delivery, carriers: Carriers): Promise<Fate> {
  const fate = await carryMessage(delivery, carriers)
  try {
    if (fate === 'dead-lettered') delivery.deadLetter()
    else if (fate !== 'returned') delivery.acknowledge()
    return fate
  } catch (error) {
    return unsettled(delivery, error, carriers)
  }
}

/** The same, of a message that is settled by others, or not one by one. Never rejects. */
export async function carryMessage(message: QueuedMessage, carriers: Carriers): Promise<Fate> {
  let event: EcosEvent | undefined
  try {
    const reading = await read(message, carriers)
    if (reading.outcome === 'unasked') return 'unasked'
    if (reading.outcome === 'refused') {
      return await quarantine(message, reading.reason, reading.explanation, carriers)
    }
    event = { ...reading.event, ...traceIn(message) }
    return await carryEvent(event, message, carriers)
  } catch (error) {
    if (!(error instanceof EcosError && error.code === 'no-payload-store')) {
      return unsettled(message, error, carriers, event)
    }
    carriers.log.error('Dead-lettered at the broker', { ...aboutOf(message, event), error })
    return 'dead-lettered'
  }
}

/** Puts a message into the quarantine unread. Never rejects. */
export async function quarantineMessage(
  message: QueuedMessage,
  reason: string,
  explanation: string,
  carriers: Carriers,
): Promise<Fate> {
  try {
    return await quarantine(message, reason, explanation, carriers)
  } catch (error) {
    return unsettled(message, error, carriers)
  }
}

function unsettled(
  message: QueuedMessage,
  error: unknown,
  { log }: Carriers,
  event?: EcosEvent,
): Fate {
  log.error('A message stays unsettled, and the broker delivers it again', {
    ...aboutOf(message, event),
    error: error as Error,
  })
  return 'returned'
}

async function read(message: QueuedMessage, carriers: Carriers): Promise<Reading> {
  return carriers.read
    ? carriers.read(message)
    : decodeEvent(message.tenant, routedType(message), message.body)
}

async function carryEvent(
  event: EcosEvent,
  message: QueuedMessage,
  carriers: Carriers,
): Promise<Fate> {
  const publication = await carriers.publisher.publish(await toEntry(event, carriers.payloads))
  switch (publication.outcome) {
    case 'accepted':
      carriers.journal.note('bridged', event)
      return 'bridged'
    case 'refused':
      return quarantine(message, 'refused-by-bus', publication.explanation, carriers, event)
    case 'unsent':
      carriers.journal.note('returned', event)
      return 'returned'
  }
}

async function quarantine(
  message: QueuedMessage,
  reason: string,
  explanation: string,
  { quarantine: store, log }: Carriers,
  event?: EcosEvent,
): Promise<Fate> {
  await store.store(message, reason, explanation)
  log.warn('Quarantined', { ...aboutOf(message, event), reason, explanation })
  return 'quarantined'
}

/** The trace context that the producer put into the message's headers. */
function traceIn({ properties }: QueuedMessage): Traced {
  const { headers } = properties as { readonly headers?: Readonly<Record<string, unknown>> | null }
  return traceOf(headers ?? {})
}

/** What the log says of a message; without an event, of one that was not, or can't be, read. */
function aboutOf(message: QueuedMessage, event?: EcosEvent) {
  return {
    tenant: message.tenant,
    queue: message.queue,
    ...(event && { eventType: event.type, eventId: event.id }),
    ...traceIdOf(traceIn(message)),
  }
}

/** What was sent to the queue itself, past ECOS's exchange, has the queue's name for a routing key. */
function routedType({ exchange, routingKey }: QueuedMessage): string | undefined {
  return exchange === '' ? undefined : routingKey
}
