import { setTimeout as sleep } from 'node:timers/promises'
import type { Broker } from '../../local/broker.ts'
import { declareQueues, fill } from '../backlog.ts'
import { leanDrain } from '../contenders.ts'
import { benchTenants } from '../job.ts'
import { ask, messageOf, startContender } from '../processes.ts'
import { connectionEnds, usageOf } from '../stack/processes.ts'
import { startBus } from './bus.ts'
import { idOf } from './numbered.ts'
import { openQueues } from './queues.ts'
import { countAt, countTo } from './sample.ts'

export interface DrainPlan {
  readonly drains: number
  /** Of each drain. */
  readonly events: number
  readonly tenants: number
}

/** What is there after a drain. */
export interface Drained {
  readonly milliseconds: number
  /** Connections that the broker itself lists, without that of the bench; undefined if it can't be asked. */
  readonly listed: number | undefined
  /** Connections at the broker's end, and of the drain's process to it. */
  readonly atBroker: number
  readonly toBroker: number
  /** Open sockets of the bus, and connections of the drain's process to it. */
  readonly atBus: number
  readonly toBus: number
  /** Open files and sockets of the drain's process. */
  readonly handles: number
  readonly megabytes: number
}

export interface Drains extends DrainPlan {
  readonly published: number
  readonly accepted: number
  readonly doubled: number
  readonly left: number
  readonly rows: readonly Drained[]
  readonly problems: readonly string[]
}

/** Milliseconds in which what a drain has closed is closed at the other end, too. */
const settling = 300

/** Drains again and again in one process, as a function that stays warm. */
export async function soakDrain(
  { amqpUrl, control }: Pick<Broker, 'amqpUrl' | 'control'>,
  plan: DrainPlan,
  onDrained: (drained: Drained, number: number) => void,
): Promise<Drains> {
  const { drains, events } = plan
  const tenants = benchTenants(plan.tenants)
  const published = drains * events
  await declareQueues(amqpUrl, tenants)
  const queues = await openQueues(amqpUrl, tenants)
  const bus = await startBus(published)
  const { client, calls, nodeOptions = [] } = leanDrain
  const job = { amqpUrl, client, stubUrl: bus.url, tenants: plan.tenants }
  const child = startContender(
    { file: 'soak-drains', nodeOptions },
    { ...job, events: published, calls: calls[0] },
  )
  const brokerPort = Number(new URL(amqpUrl).port) || 5672
  const look = async () => {
    await sleep(settling)
    const listed = await control?.('list_connections', '--quiet', '--no-table-headers', 'pid')
    const { sockets, handles, megabytes } = usageOf(child.pid ?? 0)
    const ends = connectionEnds()
    return {
      listed: listed === undefined ? undefined : listed.split('\n').filter(Boolean).length - 1,
      atBroker: countAt(ends, brokerPort, usageOf(process.pid).sockets),
      toBroker: countTo(ends, brokerPort, sockets),
      atBus: (await bus.report()).sockets,
      toBus: countTo(ends, bus.port, sockets),
      ...{ handles, megabytes },
    }
  }
  try {
    await messageOf(child, 'The drain')
    const rows: Drained[] = []
    for (let number = 0; number < drains; number += 1) {
      const making = { clock: true, idOf: (index: number) => idOf(number * events + index) }
      await fill(amqpUrl, tenants, events, making)
      const start = performance.now()
      await ask(child, 'The drain', 'drain')
      const row = { milliseconds: performance.now() - start, ...(await look()) }
      rows.push(row)
      onDrained(row, number + 1)
    }
    const { accepted, doubled } = await bus.report()
    const outcome = { published, accepted, doubled, left: await queues.waiting() }
    const problems = [...lossesOf(outcome), ...growthOf(rows)]
    return { ...plan, ...outcome, problems, rows }
  } finally {
    if (child.connected) child.disconnect()
    bus.stop()
    await queues.close()
  }
}

function lossesOf({
  published,
  accepted,
  doubled,
  left,
}: Pick<Drains, 'published' | 'accepted' | 'doubled' | 'left'>): string[] {
  const counted = { lost: published - accepted, doubled, 'left at the broker': left }
  return Object.entries(counted).flatMap(([what, n]) => (n === 0 ? [] : [`${what}: ${n}`]))
}

/** Of which the broker has as many after the last drain as after the second. */
const atBroker = ['listed', 'atBroker', 'toBroker'] as const
/** Which a drain needs as many of as it has calls in flight: up to the most that an earlier one left open. */
const ofCalls = ['atBus', 'toBus', 'handles'] as const
/** How far the memory after the last drain may be above the most of the first half: less is the heap's breathing. */
const memoryLimit = 1.1

/** What grows from drain to drain. */
export function growthOf(rows: readonly Drained[]): string[] {
  const [, second] = rows
  const last = rows.at(-1)
  if (second === undefined || last === undefined) return []
  // The first makes what stays.
  const early = rows.slice(1, Math.ceil(rows.length / 2) + 1)
  const most = (name: (typeof ofCalls)[number] | 'megabytes') =>
    Math.max(...early.map((row) => row[name]))
  const bounds = [
    ...atBroker.map((name) => ({ name, bound: second[name] ?? 0 })),
    ...ofCalls.map((name) => ({ name, bound: most(name) })),
    { name: 'megabytes', bound: most('megabytes') * memoryLimit } as const,
  ]
  return bounds.flatMap(({ name, bound }) => {
    const now = last[name] ?? 0
    const text = `${name}: at most ${format(bound)} by the first half, ${format(now)} after the last drain`
    return now > bound ? [text] : []
  })
}

function format(count: number): string {
  return count.toFixed(Number.isInteger(count) ? 0 : 1)
}
