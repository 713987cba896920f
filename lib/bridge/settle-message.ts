import { EcosError } from '../errors.ts'
import type { EcosEvent } from '../events/event.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { type Traced, traceIdOf, traceOf } from '../events/trace.ts'
import type { Log } from '../log.ts'
import type { PartitionOf } from '../tenants/partition.ts'
import type { Journal } from './journal.ts'
import type { IncomingMessage, QueuedMessage } from './message.ts'
import { placeOfOtherTenant, tenantExchange } from './named-tenant.ts'
import type { BusEntry } from './publish/bus.ts'
import { toEntry } from './publish/entry.ts'
import type { Publisher } from './publish/publisher.ts'
import type { Quarantine } from './quarantine.ts'
import { type Read, readMessage } from './read-message.ts'

/**
 * Where a message went. `returned`: back to its queue; the broker delivers it again.
 * `dead-lettered`: to the broker's dead-letter queue, because no payload store is configured.
 * `unasked`: dropped, because it does not match the filter of its interest.
 */
export type Fate = (typeof fates)[number]
const fates = ['bridged', 'quarantined', 'unasked', 'returned', 'dead-lettered'] as const

/** A count of 0 for each fate. */
export function noFates(): Record<Fate, number> {
  return Object.fromEntries(fates.map((fate) => [fate, 0])) as Record<Fate, number>
}

export interface BridgeContext {
  readonly publisher: Publisher
  readonly quarantine: Quarantine
  readonly payloads: PayloadStore
  /** Finds the tenant's partition (default: entries name none, and the default rules take them). */
  readonly partitionOf?: PartitionOf | undefined
  readonly log: Log
  readonly journal: Journal
  /**
   * Makes sure that the quarantine and the payload store answer (default: they are taken to).
   *
   * @throws EcosError `store-unavailable`
   */
  readonly checkStores?: () => Promise<void>
  /** Called with each message's fate. */
  readonly onFate?: (tenant: string, fate: Fate) => void
  /** Reads a message (default: as events 1.0). */
  readonly read?: Read
}

/**
 * Sends a message to the bus, or to the quarantine if its content can't be bridged, and acknowledges
 * it once it is stored there. Never rejects.
 *
 * @param onHeld called when the message waits for something else than its turn at the bus
 */
export function settleMessage(
  message: IncomingMessage,
  context: BridgeContext,
  onHeld?: () => void,
): Promise<Fate> {
  return routeMessage(message, context, onHeld).then((fate) => settleAs(fate, message, context))
}

function settleAs(fate: Fate, message: IncomingMessage, context: BridgeContext): Fate {
  try {
    if (fate === 'dead-lettered') message.deadLetter()
    else if (fate !== 'returned') message.acknowledge()
    return fate
  } catch (error) {
    return unsettled(message, error, context)
  }
}

/** Sends a message to the bus or to the quarantine, and leaves the acknowledgement to the caller. Never rejects. */
export async function routeMessage(
  message: QueuedMessage,
  context: BridgeContext,
  onHeld: () => void = () => undefined,
): Promise<Fate> {
  let event: EcosEvent | undefined
  try {
    const found = readMessage(message, context.read)
    const reading = found instanceof Promise ? await found : found
    if (reading.outcome === 'unasked') return 'unasked'
    if (reading.outcome === 'refused') {
      onHeld()
      return await quarantine(message, reading.reason, reading.explanation, context)
    }
    event = withTrace(reading.event, message)
    reportOtherTenant(message, event, context)
    const made = entryOf(event, message, context, onHeld)
    const entry = made instanceof Promise ? await made : made
    const publication = await context.publisher.publish(entry, onHeld)
    switch (publication.outcome) {
      case 'accepted':
        context.journal.note('bridged', event)
        return 'bridged'
      case 'refused':
        onHeld()
        return await quarantine(message, 'refused-by-bus', publication.explanation, context, event)
      case 'unsent':
        context.journal.note('returned', event)
        return 'returned'
    }
  } catch (error) {
    if (!(error instanceof EcosError && error.code === 'no-payload-store')) {
      return unsettled(message, error, context, event)
    }
    context.log.error('Dead-lettered at the broker', { ...aboutOf(message, event), error })
    return 'dead-lettered'
  }
}

function unsettled(
  message: QueuedMessage,
  error: unknown,
  { log }: BridgeContext,
  event?: EcosEvent,
): Fate {
  log.error('A message could not be settled', {
    ...aboutOf(message, event),
    error: error as Error,
  })
  return 'returned'
}

function entryOf(
  event: EcosEvent,
  message: QueuedMessage,
  { partitionOf, payloads }: BridgeContext,
  onHeld: () => void,
): BusEntry | Promise<BusEntry> {
  const type = cameByBinding(message) ? undefined : event.type
  return toEntry(event, payloads, partitionOf?.(event.tenant, type), onHeld)
}

function reportOtherTenant(message: QueuedMessage, event: EcosEvent, { log }: BridgeContext): void {
  const namedIn = placeOfOtherTenant(message, event)
  if (namedIn === undefined) return
  log.warn('A message names another tenant than its queue', {
    ...aboutOf(message, event),
    namedIn,
  })
}

async function quarantine(
  message: QueuedMessage,
  reason: string,
  explanation: string,
  { quarantine: store, log }: BridgeContext,
  event?: EcosEvent,
): Promise<Fate> {
  await store.store(message, reason, explanation)
  log.warn('Quarantined', { ...aboutOf(message, event), reason, explanation })
  return 'quarantined'
}

function withTrace(event: EcosEvent, message: QueuedMessage): EcosEvent {
  const trace = traceIn(message)
  return trace.traceparent === undefined ? event : { ...event, ...trace }
}

/** The trace context in the message's headers. */
function traceIn({ properties }: QueuedMessage): Traced {
  const { headers } = properties as { readonly headers?: Readonly<Record<string, unknown>> | null }
  return traceOf(headers ?? {})
}

/** The log fields of a message; without an event if it could not be read. */
function aboutOf(message: QueuedMessage, event?: EcosEvent) {
  return {
    tenant: message.tenant,
    queue: message.queue,
    ...(event && { eventType: event.type, eventId: event.id }),
    ...traceIdOf(traceIn(message)),
  }
}

/**
 * Queues are bound to ECOS's exchanges for the types that are turned on. Another bridge may have bound a type of
 * which this one has not read yet: its events are not to be lost. A migration moves messages of all types, through
 * an exchange of its own.
 */
function cameByBinding({ exchange, wire }: QueuedMessage): boolean {
  return exchange === undefined || wire === '2.0' || tenantExchange.test(exchange)
}
