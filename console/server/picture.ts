import { channelNames } from '../../lib/channels/channel.ts'
import { cellPrefix, kebab } from '../../lib/tenants/names.ts'
import { againIn } from './late.ts'
import { type Minute, ofBusiest } from './minutes.ts'
import { type AsOf, knownRates, type Observed } from './observed.ts'
import type { Rates } from './traffic.ts'
import { type Trouble, type TroubleCounts, troublesOf, worstOf } from './troubles.ts'
import { brokerWay, queueNamed, queueWay, total, type Way } from './ways.ts'

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
  /** The worst: red ones first, notes last. */
  readonly troubles: readonly Trouble[]
  /** Those that are not among them. */
  readonly moreTroubles?: TroubleCounts
}

export function pictureOf(observed: Observed): Picture {
  const { cell, at, tenants, backlogs, queues, late = [] } = observed
  const bus = knownRates(observed, ({ result }) => result === undefined)
  const broker = backlogs?.map((backlog) => brokerWay(backlog, bus, observed))
  const handlers = observed.types.map((type) =>
    queueWay(type, kebab(type), observed, (event) => event.type === type),
  )
  const channels = channelNames.map((channel) => {
    const again = againIn(late, channel)
    const way = queueWay(channel, channel, observed, ({ result }) => result?.channel === channel)
    return again ? { ...way, again } : way
  })
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
  const troubles = troublesOf(picture, broker, observed)
  const levels = new Map(troubles.toReversed().map(({ where, level }) => [where, level]))
  const coloured = (way: Way): Way => {
    const level = levels.get(way.id)
    return level ? { ...way, level } : way
  }
  return {
    ...picture,
    handlers: handlers.map(coloured),
    channels: channels.map(coloured),
    ...(broker && { broker: broker.map(coloured) }),
    ...worstOf(troubles),
  }
}

function asOfText(asOf: AsOf<Date>): AsOf<string> {
  return Object.fromEntries(Object.entries(asOf).map(([part, at]) => [part, at.toISOString()]))
}
