import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../../local/stack.ts'
import { declareQueues } from '../backlog.ts'
import { percentile } from '../latency.ts'
import { formatInteger, table } from '../tables.ts'
import { type Part, parts, watchCpu } from './cpu-by-part.ts'
import { type Mails, receiveMails } from './mails.ts'
import { type Person, subscribe, wholeWayTenants } from './people.ts'
import { publishEvenly } from './publish.ts'
import { startWorker } from './worker.ts'

/** From the publishing of an event to the acceptance of its mail. */
export interface WholeWay {
  /** Events a second that were published. */
  readonly rate: number
  readonly events: number
  readonly accepted: number
  readonly repeated: number
  /** Mails a second, from the first published event to the last accepted mail. */
  readonly reached: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Shares of a core in that time. */
  readonly cores: Readonly<Record<Part, number>>
}

export interface WholeWayPlan {
  readonly rates: readonly number[]
  /** Seconds for which each rate is published. */
  readonly seconds: number
  /** Events of a rate, at least and at most. */
  readonly least: number
  readonly most: number
  /** Seconds without a further mail after which those that are missing count as lost. */
  readonly patience: number
}

const warmUpEvents = 40

/** Measures each rate with a worker as the bridge, once the functions are warm. */
export async function measureWholeWay(
  stack: Stack,
  { rates, seconds, least, most, patience }: WholeWayPlan,
  tenantsFile: string,
  print: (line: string) => void,
): Promise<WholeWay[]> {
  const { amqpUrl } = stack.parts
  const mails = await receiveMails(stack)
  await declareQueues(amqpUrl, wholeWayTenants)
  const worker = startWorker(stack, tenantsFile)
  const measure = async (name: string, rate: number, events: number) => {
    const people = await subscribe(stack, name, events)
    return measureRate({ amqpUrl, mails, people, rate, patience, workerPid: worker.pid })
  }
  const results: WholeWay[] = []
  try {
    await measure('warm-up', 10, warmUpEvents)
    for (const rate of rates) {
      const events = Math.min(most, Math.max(least, rate * seconds))
      const result = await measure(`rate-${rate}`, rate, events)
      print(`${rate}/s: ${result.accepted} of ${events} mails, ${result.reached.toFixed(1)}/s`)
      results.push(result)
    }
    return results
  } finally {
    await worker.end()
    mails.end()
  }
}

interface Rate {
  readonly amqpUrl: string
  readonly mails: Mails
  readonly people: readonly Person[]
  readonly rate: number
  readonly patience: number
  readonly workerPid: number
}

async function measureRate({ amqpUrl, mails, people, rate, ...more }: Rate): Promise<WholeWay> {
  const cpu = watchCpu(more.workerPid)
  const repeatedBefore = mails.repeated()
  const sentAt = await publishEvenly(amqpUrl, people, rate)
  await untilAccepted(mails, people, more.patience)
  const used = cpu()
  const times = people.flatMap(({ address }) => {
    const [from, to] = [sentAt.get(address), mails.acceptedAt.get(address)]
    return from !== undefined && to !== undefined ? [{ from, to }] : []
  })
  const waits = times.map(({ from, to }) => (to - from) / 1000).sort((a, b) => a - b)
  const last = times.reduce((latest, { to }) => Math.max(latest, to), 0)
  const took = (last - (times[0]?.from ?? 0)) / 1e6
  return {
    rate,
    events: people.length,
    accepted: waits.length,
    repeated: mails.repeated() - repeatedBefore,
    reached: waits.length / took,
    p50: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
    cores: mapParts((part) => used[part] / took),
  }
}

/** Waits for every mail, or until none has come for so many seconds. */
async function untilAccepted(
  { acceptedAt }: Mails,
  people: readonly Person[],
  patience: number,
): Promise<void> {
  let missing = people.length
  for (let idle = 0; missing > 0 && idle < patience * 5; idle += 1) {
    await sleep(200)
    const now = people.filter(({ address }) => !acceptedAt.has(address)).length
    if (now < missing) idle = 0
    missing = now
  }
}

export function tableOf(results: readonly WholeWay[]): string {
  return table(
    "From publish to the mail's acceptance",
    ['events/s', 'events', 'mails', 'twice', 'mails/s', 'p50', 'p99', ...parts],
    results.map((one) => [
      formatInteger(one.rate),
      formatInteger(one.events),
      formatInteger(one.accepted),
      formatInteger(one.repeated),
      one.reached.toFixed(1),
      `${formatInteger(one.p50)} ms`,
      `${formatInteger(one.p99)} ms`,
      ...parts.map((part) => one.cores[part].toFixed(2)),
    ]),
  )
}

function mapParts(value: (part: Part) => number): Record<Part, number> {
  const entries = parts.map((part) => [part, value(part)] as const)
  return Object.fromEntries(entries) as Record<Part, number>
}
