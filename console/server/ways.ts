import type { ChannelName } from '../../lib/channels/channel.ts'
import type { EventType } from '../../lib/events/catalogue.ts'
import type { QueueCount } from '../../lib/operations/cell-view.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import type { Again } from './late.ts'
import { type Backlog, knownRates, type Observed } from './observed.ts'
import type { PassingEvent } from './passing.ts'
import type { Rates } from './traffic.ts'

/** A `note` is worth knowing and no trouble. */
export type Level = 'red' | 'warn' | 'note'

/**
 * An arrow of the picture and the box it leads to: a tenant's queue, a handler or a channel. A number
 * that is not known is absent.
 */
export interface Way {
  readonly id: string
  /** The tenants whose events come through it, if it is a pool's queue. */
  readonly pooled?: readonly string[]
  /** Events in the last minute, by tenant. */
  readonly rates?: Rates
  readonly waiting?: number
  readonly inFlight?: number
  readonly delayed?: number
  /** Since when messages have waited, at least (ISO 8601). */
  readonly since?: string
  /** Messages in its dead-letter queue. */
  readonly dead?: number
  /** Of a pool: those that hold messages. */
  readonly deadLetterQueues?: readonly string[]
  /** What waits for another try, in a channel. */
  readonly again?: Again
  /** Of its gravest trouble. */
  readonly level?: Level
}

export function brokerWay(
  { tenant, pooled, waiting, dead, deadLetterQueues }: Backlog,
  { rates }: { readonly rates?: Rates },
  observed: Observed,
): Way {
  const first = observed.since[`broker ${tenant}`]
  return {
    id: tenant,
    ...(pooled && { pooled }),
    ...(rates && { rates: ratesAmong(rates, pooled ?? [tenant]) }),
    waiting,
    inFlight: 0,
    delayed: 0,
    dead,
    ...(deadLetterQueues && { deadLetterQueues }),
    ...(first && { since: first }),
  }
}

function ratesAmong(rates: Rates, tenants: readonly string[]): Rates {
  const known = tenants.filter((tenant) => Object.hasOwn(rates, tenant))
  return Object.fromEntries(known.map((tenant) => [tenant, rates[tenant] ?? 0]))
}

export function queueWay(
  id: EventType | ChannelName,
  queue: string,
  observed: Observed,
  isMeant: (event: PassingEvent) => boolean,
): Way {
  const { cell, queues, since } = observed
  const name = `${cellPrefix(cell)}-${queue}`
  const rates = knownRates(observed, isMeant)
  if (queues === undefined) return { id, ...rates }
  const { waiting = 0, inFlight = 0, delayed = 0 } = queueNamed(queues, name) ?? {}
  const dead = total(queueNamed(queues, `${name}-dlq`))
  const first = since[name]
  return { id, ...rates, waiting, inFlight, delayed, dead, ...(first && { since: first }) }
}

export function queueNamed(queues: readonly QueueCount[], name: string): QueueCount | undefined {
  return queues.find((queue) => queue.name === name)
}

/** Includes messages that are hidden while somebody reads them. */
export function total(queue: QueueCount | undefined): number {
  return queue ? queue.waiting + queue.inFlight + queue.delayed : 0
}
