import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import type { EventType } from '../../lib/events/catalogue.ts'
import type { QueueCount } from '../../lib/operations/cell-view.ts'
import { cellPrefix, kebab } from '../../lib/tenants/names.ts'
import type { Fault } from './fault.ts'
import { type Minute, ofBusiest } from './minutes.ts'
import { type AsOf, type Backlog, knownRates, type Observed } from './observed.ts'
import type { PassingEvent } from './passing.ts'
import type { Rates } from './traffic.ts'

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
  /** One for each tenant's queue and each pool's; undefined without AMQP_URL and TENANTS_FILE. */
  readonly broker?: readonly Way[]
  readonly bus: { readonly rates?: Rates }
  /** One for each event type. */
  readonly handlers: readonly Way[]
  readonly channels: readonly Way[]
  readonly quarantine?: number
  /** The last hour, as far as it was seen; the oldest first. */
  readonly minutes: readonly Minute[]
  /** Red ones first. */
  readonly troubles: readonly Trouble[]
}

export function pictureOf(observed: Observed): Picture {
  const { cell, at, tenants, backlogs, queues } = observed
  const bus = knownRates(observed, ({ result }) => result === undefined)
  const broker = backlogs?.map((backlog) => brokerWay(backlog, bus, observed))
  const handlers = observed.types.map((type) =>
    queueWay(type, kebab(type), observed, (event) => event.type === type),
  )
  const channels = channelNames.map((channel) =>
    queueWay(channel, channel, observed, ({ result }) => result?.channel === channel),
  )
  const quarantine = queues && total(queueNamed(queues, `${cellPrefix(cell)}-quarantine`))
  const picture = {
    cell,
    at: at.toISOString(),
    asOf: asOfText(observed.asOf),
    tenants,
    bus,
    minutes: ofBusiest(observed.minutes),
    handlers,
    channels,
    ...(quarantine !== undefined && { quarantine }),
  }
  return { ...picture, ...(broker && { broker }), troubles: troublesOf(picture, broker, observed) }
}

function asOfText(asOf: AsOf<Date>): AsOf<string> {
  return Object.fromEntries(Object.entries(asOf).map(([part, at]) => [part, at.toISOString()]))
}

function brokerWay(
  { tenant, pooled, waiting, dead }: Backlog,
  { rates }: Picture['bus'],
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
    ...(first && { since: first }),
  }
}

function ratesAmong(rates: Rates, tenants: readonly string[]): Rates {
  const known = tenants.filter((tenant) => Object.hasOwn(rates, tenant))
  return Object.fromEntries(known.map((tenant) => [tenant, rates[tenant] ?? 0]))
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
  const owned = new Set(broker.filter(({ pooled }) => pooled === undefined))
  const whose = (way: Way) => (owned.has(way) ? { tenant: way.id } : {})
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
