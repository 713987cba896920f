import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import { type EventType, eventTypes } from '../../lib/events/catalogue.ts'
import type { QueueCount } from '../../lib/operations/cell-view.ts'
import { cellPrefix, kebab } from '../../lib/tenants/names.ts'
import type { PassingEvent } from './passing.ts'
import { type Rates, ratesOf, type Traffic } from './traffic.ts'

/** What waits at the broker for one tenant. */
export interface Backlog {
  readonly tenant: string
  readonly waiting: number
  /** What killed the bridge, set aside. */
  readonly dead: number
}

/** When a queue was first seen with something waiting in it and has had since, by its name. */
export type Since = Readonly<Record<string, string>>

/** What is known of a cell at a moment. */
export interface Observed {
  readonly cell: string
  readonly at: Date
  readonly tenants: readonly string[]
  readonly types: readonly EventType[]
  readonly queues: readonly QueueCount[]
  /** Undefined where no broker is named. */
  readonly backlogs: readonly Backlog[] | undefined
  readonly since: Since
  readonly traffic: Traffic
  /** What could not be asked, each in one line. */
  readonly problems: readonly string[]
}

/** A way of the picture: an arrow, and the box that it leads to. */
export interface Way {
  readonly id: string
  /** In the last minute, by tenant. Undefined where nobody counts. */
  readonly rates?: Rates
  readonly waiting: number
  readonly inFlight: number
  readonly delayed: number
  /** At least so long something has waited (ISO 8601). */
  readonly since?: string
  /** Messages in its dead-letter queue. */
  readonly dead: number
}

export interface Trouble {
  readonly level: 'red' | 'warn'
  /** A way's id, `quarantine`, or `console`. */
  readonly where: string
  readonly why: 'dead-letters' | 'quarantined' | 'stuck' | 'slow' | 'failing' | 'unknown'
  readonly count?: number
  readonly tenant?: string
  readonly text?: string
}

export interface Picture {
  readonly cell: string
  readonly at: string
  readonly tenants: readonly string[]
  /** By tenant; undefined where no broker is named. */
  readonly broker?: readonly Way[]
  readonly bus: { readonly rates: Rates }
  /** By event type. */
  readonly handlers: readonly Way[]
  readonly channels: readonly Way[]
  readonly quarantine: number
  /** Red ones first. */
  readonly troubles: readonly Trouble[]
}

export function pictureOf(observed: Observed): Picture {
  const { cell, at, tenants, backlogs, queues, traffic } = observed
  const broker = backlogs?.map((backlog) => brokerWay(backlog, observed))
  const handlers = observed.types.map((type) =>
    queueWay(type, kebab(type), observed, (event) => event.type === type),
  )
  const channels = channelNames.map((channel) =>
    queueWay(channel, channel, observed, ({ result }) => result?.channel === channel),
  )
  const quarantine = total(queues.find(({ name }) => name === `${cellPrefix(cell)}-quarantine`))
  const bus = { rates: ratesOf(traffic, at, ({ result }) => result === undefined) }
  const picture = { cell, at: at.toISOString(), tenants, bus, handlers, channels, quarantine }
  return { ...picture, ...(broker && { broker }), troubles: troublesOf(picture, broker, observed) }
}

function brokerWay({ tenant, waiting, dead }: Backlog, { traffic, at, since }: Observed): Way {
  const all = ratesOf(traffic, at, (event) => event.tenant === tenant && !event.result)
  const first = since[`broker ${tenant}`]
  return {
    id: tenant,
    rates: all,
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
  { cell, queues, since, traffic, at }: Observed,
  isMeant: (event: PassingEvent) => boolean,
): Way {
  const name = `${cellPrefix(cell)}-${queue}`
  const { waiting = 0, inFlight = 0, delayed = 0 } = queues.find((one) => one.name === name) ?? {}
  const dead = total(queues.find((one) => one.name === `${name}-dlq`))
  const first = since[name]
  const rates = ratesOf(traffic, at, isMeant)
  return { id, rates, waiting, inFlight, delayed, dead, ...(first && { since: first }) }
}

/** What somebody looks at is hidden for the while, and is there all the same. */
function total(queue: QueueCount | undefined): number {
  return queue ? queue.waiting + queue.inFlight + queue.delayed : 0
}

/** Seconds after which what waits is slow, and stuck. The bridge comes every minute. */
const slow = 120
const stuck = 300

function troublesOf(
  { handlers, channels, quarantine }: Pick<Picture, 'handlers' | 'channels' | 'quarantine'>,
  broker: readonly Way[] = [],
  { at, traffic, problems }: Observed,
): Trouble[] {
  const ways = [...broker, ...handlers, ...channels]
  const dead = ways.filter((way) => way.dead > 0)
  // A way at the broker is a tenant's own.
  const whose = (way: Way) => (broker.includes(way) ? { tenant: way.id } : {})
  const failing = channels.flatMap(({ id }): Trouble[] => {
    const isFailure = ({ type, result }: PassingEvent) =>
      result?.channel === id && type === 'notification.failed'
    return Object.entries(ratesOf(traffic, at, isFailure)).map(([tenant, count]) => {
      return { level: 'warn', where: id, why: 'failing', count, tenant }
    })
  })
  const troubles: Trouble[] = [
    ...problems.map((text): Trouble => ({ level: 'red', where: 'console', why: 'unknown', text })),
    ...dead.map((way): Trouble => {
      return { level: 'red', where: way.id, why: 'dead-letters', count: way.dead, ...whose(way) }
    }),
    ...(quarantine > 0
      ? [{ level: 'red', where: 'quarantine', why: 'quarantined', count: quarantine } as const]
      : []),
    ...ways.flatMap((way): Trouble[] => {
      const seconds = way.since ? (at.getTime() - Date.parse(way.since)) / 1000 : 0
      const told = { where: way.id, count: way.waiting, ...whose(way) }
      if (seconds >= stuck) return [{ ...told, level: 'red', why: 'stuck' }]
      return seconds >= slow ? [{ ...told, level: 'warn', why: 'slow' }] : []
    }),
    ...failing,
  ]
  return troubles.sort((one, other) => one.level.localeCompare(other.level))
}

/** Keeps since when something has waited in each queue that has not been seen empty meanwhile. */
export function sinceOf(
  previous: Since,
  queues: readonly QueueCount[],
  backlogs: readonly Backlog[],
  now: Date,
): Since {
  const waiting = [
    ...queues.filter((queue) => queue.waiting > 0).map(({ name }) => name),
    ...backlogs.filter((backlog) => backlog.waiting > 0).map(({ tenant }) => `broker ${tenant}`),
  ]
  return Object.fromEntries(waiting.map((name) => [name, previous[name] ?? now.toISOString()]))
}

/** The event types in the catalogue's order. */
export function typesAmong(types: readonly string[]): EventType[] {
  return eventTypes.filter((type) => types.includes(type))
}
