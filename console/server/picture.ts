import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import { type EventType, eventTypes } from '../../lib/events/catalogue.ts'
import type { QueueCount } from '../../lib/operations/cell-view.ts'
import { cellPrefix, kebab } from '../../lib/tenants/names.ts'
import type { Fault } from './fault.ts'
import type { PassingEvent } from './passing.ts'
import { type Rates, ratesOf, type Traffic } from './traffic.ts'

/** Messages at the broker for one tenant. */
export interface Backlog {
  readonly tenant: string
  readonly waiting: number
  /** Messages in the broker's dead-letter queue. */
  readonly dead: number
}

/** Since when a queue was never seen empty (ISO 8601), by its name. */
export type Since = Readonly<Record<string, string>>

/** The time of the latest answer of each part. */
export interface AsOf<Time> {
  readonly queues?: Time
  readonly broker?: Time
  readonly events?: Time
}

/** The state of a cell at one moment. */
export interface Observed {
  readonly cell: string
  readonly at: Date
  readonly tenants: readonly string[]
  readonly types: readonly EventType[]
  /** Undefined before the first answer. */
  readonly queues: readonly QueueCount[] | undefined
  /** Undefined without AMQP_URL and TENANTS_FILE. */
  readonly backlogs: readonly Backlog[] | undefined
  /** When each part was answered last; absent before its first answer. */
  readonly asOf: AsOf<Date>
  readonly since: Since
  readonly traffic: Traffic
  /** Questions without an answer. */
  readonly faults: readonly Fault[]
}

/**
 * An arrow of the picture and the box it leads to: a tenant's queue, a handler or a channel. A number
 * that is not known is absent.
 */
export interface Way {
  readonly id: string
  /** Events in the last minute, by tenant. */
  readonly rates?: Rates
  readonly waiting?: number
  readonly inFlight?: number
  readonly delayed?: number
  /** Since when messages have waited, at least (ISO 8601). */
  readonly since?: string
  /** Messages in its dead-letter queue. */
  readonly dead?: number
}

export interface Trouble {
  readonly level: 'red' | 'warn'
  /** A way's id, `quarantine`, or `console`. */
  readonly where: string
  readonly why: 'dead-letters' | 'quarantined' | 'stuck' | 'slow' | 'failing' | 'unknown'
  readonly count?: number
  readonly tenant?: string
  readonly fault?: Fault
}

export interface Picture {
  readonly cell: string
  readonly at: string
  /** ISO 8601. */
  readonly asOf: AsOf<string>
  readonly tenants: readonly string[]
  /** One for each tenant; undefined without AMQP_URL and TENANTS_FILE. */
  readonly broker?: readonly Way[]
  readonly bus: { readonly rates?: Rates }
  /** One for each event type. */
  readonly handlers: readonly Way[]
  readonly channels: readonly Way[]
  readonly quarantine?: number
  /** Red ones first. */
  readonly troubles: readonly Trouble[]
}

export function pictureOf(observed: Observed): Picture {
  const { cell, at, tenants, backlogs, queues } = observed
  const broker = backlogs?.map((backlog) => brokerWay(backlog, observed))
  const handlers = observed.types.map((type) =>
    queueWay(type, kebab(type), observed, (event) => event.type === type),
  )
  const channels = channelNames.map((channel) =>
    queueWay(channel, channel, observed, ({ result }) => result?.channel === channel),
  )
  const quarantine = queues && total(queueNamed(queues, `${cellPrefix(cell)}-quarantine`))
  const bus = knownRates(observed, ({ result }) => result === undefined)
  const picture = {
    cell,
    at: at.toISOString(),
    asOf: asOfText(observed.asOf),
    tenants,
    bus,
    handlers,
    channels,
    ...(quarantine !== undefined && { quarantine }),
  }
  return { ...picture, ...(broker && { broker }), troubles: troublesOf(picture, broker, observed) }
}

function asOfText(asOf: AsOf<Date>): AsOf<string> {
  return Object.fromEntries(Object.entries(asOf).map(([part, at]) => [part, at.toISOString()]))
}

/** Counts the last minute before the latest answer: what passed later is not known yet. */
function knownRates(
  { traffic, asOf }: Observed,
  isMeant: (event: PassingEvent) => boolean,
): { rates?: Rates } {
  return asOf.events ? { rates: ratesOf(traffic, asOf.events, isMeant) } : {}
}

function brokerWay({ tenant, waiting, dead }: Backlog, observed: Observed): Way {
  const rates = knownRates(observed, (event) => event.tenant === tenant && !event.result)
  const first = observed.since[`broker ${tenant}`]
  return {
    id: tenant,
    ...rates,
    waiting,
    inFlight: 0,
    delayed: 0,
    dead,
    ...(first && { since: first }),
  }
}

function queueWay(
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

function queueNamed(queues: readonly QueueCount[], name: string): QueueCount | undefined {
  return queues.find((queue) => queue.name === name)
}

/** Includes messages that are hidden while somebody reads them. */
function total(queue: QueueCount | undefined): number {
  return queue ? queue.waiting + queue.inFlight + queue.delayed : 0
}

/** Seconds of waiting after which a queue counts as slow, and as stuck. The bridge drains every minute. */
const slowAfter = 120
const stuckAfter = 300

function troublesOf(
  { handlers, channels, quarantine = 0 }: Pick<Picture, 'handlers' | 'channels' | 'quarantine'>,
  broker: readonly Way[] = [],
  observed: Observed,
): Trouble[] {
  const { at, faults } = observed
  const ways = [...broker, ...handlers, ...channels]
  const dead = ways.filter((way) => (way.dead ?? 0) > 0)
  // A queue at the broker belongs to one tenant.
  const whose = (way: Way) => (broker.includes(way) ? { tenant: way.id } : {})
  const failing = channels.flatMap(({ id }): Trouble[] => {
    const isFailure = ({ type, result }: PassingEvent) =>
      result?.channel === id && type === 'notification.failed'
    return Object.entries(knownRates(observed, isFailure).rates ?? {}).map(([tenant, count]) => {
      return { level: 'warn', where: id, why: 'failing', count, tenant }
    })
  })
  const troubles: Trouble[] = [
    ...faults.map((fault): Trouble => {
      return { level: 'red', where: 'console', why: 'unknown', fault }
    }),
    ...dead.map((way): Trouble => {
      return {
        level: 'red',
        where: way.id,
        why: 'dead-letters',
        count: way.dead ?? 0,
        ...whose(way),
      }
    }),
    ...(quarantine > 0
      ? [{ level: 'red', where: 'quarantine', why: 'quarantined', count: quarantine } as const]
      : []),
    ...ways.flatMap((way): Trouble[] => {
      const seconds = way.since ? (at.getTime() - Date.parse(way.since)) / 1000 : 0
      const { id: where, waiting: count = 0 } = way
      const trouble = { where, count, ...whose(way) }
      if (seconds >= stuckAfter) return [{ ...trouble, level: 'red', why: 'stuck' }]
      return seconds >= slowAfter ? [{ ...trouble, level: 'warn', why: 'slow' }] : []
    }),
    ...failing,
  ]
  return troubles.sort((a, b) => a.level.localeCompare(b.level))
}

/** Adds queues in which messages wait now; drops those that are empty. */
export function sinceOf(
  previous: Since,
  queues: readonly QueueCount[] | undefined,
  backlogs: readonly Backlog[] | undefined,
  now: Date,
): Since {
  const waiting = [
    ...(queues ?? []).filter((queue) => queue.waiting > 0).map(({ name }) => name),
    ...(backlogs ?? [])
      .filter((backlog) => backlog.waiting > 0)
      .map(({ tenant }) => `broker ${tenant}`),
  ]
  return Object.fromEntries(waiting.map((name) => [name, previous[name] ?? now.toISOString()]))
}

/** Event types in the catalogue's order. */
export function typesAmong(types: readonly string[]): EventType[] {
  return eventTypes.filter((type) => types.includes(type))
}
