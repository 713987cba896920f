import { probe } from '../../lib/bridge/publish/bus.ts'
import type { EventHop } from '../../lib/tenants/cost/counts.ts'
import { prices, type Unit } from '../../lib/tenants/cost/prices.ts'
import type { FunctionUse } from './lambda.ts'
import type { Counted } from './proxy.ts'

/** These cost by the minute, whatever the number of events: scheduled runs, and secrets that a container reads again. */
const timedHops = ['drain', 'due-notifications', 'secrets'] as const

export type Hop = EventHop | (typeof timedHops)[number]

export interface BillLine {
  readonly hop: Hop
  /** `PutItem notifications`, `requests`, `logs`. */
  readonly what: string
  readonly unit: Unit
  /** Of all events together, or of all runs. */
  readonly units: number
}

export interface Usage {
  readonly counts: readonly Counted[]
  /** By the function's name without the cell's prefix. */
  readonly functions: ReadonlyMap<string, FunctionUse>
  /** The names of tables, queues and buses by what AWS calls them. */
  readonly names: ReadonlyMap<string, string>
}

/** The lines of a bill: what the functions requested, and what Lambda and EventBridge did for them. */
export function billOf({ counts, functions, names }: Usage): BillLine[] {
  const requested = counts.map(({ caller, action, resource, unit, units }): BillLine => {
    const [id = '', index] = resource.split('/')
    const name = [names.get(id) ?? id, index].filter(Boolean).join('/')
    return { hop: hopOf(caller, action), what: `${action} ${name}`, unit, units }
  })
  const around = [...functions].flatMap(([name, use]) => linesAround(name, use))
  return joined([...requested, ...around]).filter(({ units }) => units > 0)
}

/** A drain's requests for an event are the bridge's; its others are made once a run. */
function hopOf(caller: string, action: string): Hop {
  if (action === 'GetSecretValue') return 'secrets'
  if (caller.startsWith('on-')) return 'handler'
  if (caller.startsWith('send-')) return 'sender'
  if (caller === 'due-notifications') return 'due-notifications'
  const isForEvent = action.startsWith('PutEvents ') && action !== `PutEvents ${probe.detailType}`
  return isForEvent || action === 'PUT' ? 'bridge' : 'drain'
}

function linesAround(name: string, use: FunctionUse): BillLine[] {
  const hop = hopOf(name, '')
  const lambda: BillLine[] = [
    { hop, what: 'requests', unit: 'lambda-request', units: use.invocations },
    { hop, what: 'time', unit: 'lambda-gb-second', units: use.gigabyteSeconds },
    { hop, what: 'logs', unit: 'logs-byte', units: use.logBytes },
  ]
  if (hop !== 'handler' && hop !== 'sender') return lambda
  // Lambda receives a batch with one request, and deletes it with another.
  const polled = { hop: 'polling', unit: 'sqs-request', units: use.invocations } as const
  const polling: BillLine[] = [
    { ...polled, what: 'ReceiveMessage' },
    { ...polled, what: 'DeleteMessageBatch' },
  ]
  // A rule's target is a request that the queue's owner pays.
  const sent = { hop: 'bus', what: 'SendMessage', unit: 'sqs-request', units: use.tries } as const
  return [...lambda, ...polling, ...(hop === 'handler' ? [sent] : [])]
}

function joined(lines: readonly BillLine[]): BillLine[] {
  const groups = Map.groupBy(lines, ({ hop, what, unit }) => `${hop} ${what} ${unit}`)
  return [...groups.values()].map((group) => ({
    ...(group[0] as BillLine),
    units: group.reduce((total, { units }) => total + units, 0),
  }))
}

export function dollars({ unit, units }: Pick<BillLine, 'unit' | 'units'>): number {
  return units * prices[unit]
}

/** The group of a bill's line. */
export function groupOf({ what, unit, hop }: BillLine): string {
  switch (unit) {
    case 'dynamodb-write':
      if (what.includes('RateLimits')) return 'turns'
      // A sender adds nothing to the table but the message as it was sent.
      if (hop === 'sender' && /^(PutItem|BatchWriteItem) /.test(what)) return 'messages'
      return what.includes('/') ? 'index writes' : 'table writes'
    case 'dynamodb-read':
      return 'reads'
    case 'eventbridge-event':
      return hop === 'bridge' ? 'events' : 'results'
    case 'lambda-request':
      return 'starts'
    case 'lambda-gb-second':
      return 'time'
    case 'logs-byte':
      return 'logs'
    default:
      return 'requests'
  }
}
