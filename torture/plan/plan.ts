import { type PlannedMessage, planCrowd, planKiller, planMessage } from './message.ts'
import { tenants } from './people.ts'
import { createRandom } from './random.ts'

export interface PlannedFault {
  readonly name: string
  /** Milliseconds from the start of the load. */
  readonly at: number
  readonly lasts: number
  /** For what the fault itself chooses. */
  readonly seed: number
}

export interface Plan {
  readonly seed: number
  readonly queues: 'own' | 'pooled'
  /** How long the worker holds messages while the bus takes none: briefly, or as deployed. */
  readonly holdSeconds: 30 | 600
  readonly messages: readonly PlannedMessage[]
  readonly faults: readonly PlannedFault[]
  /** What is published when all is quiet again, for the worker alone. */
  readonly encore: readonly PlannedMessage[]
}

export interface PlanOptions {
  readonly seed: number
  readonly minutes: number
  /** Messages a second, on average. */
  readonly rate: number
  /** The names of the faults to choose from. */
  readonly faults: readonly string[]
}

/** The fault that is a message: whoever reads it dies. */
export const killerMessage = 'killer-message'

/** Messages without faults at the start: functions start, and queues are known to work. */
const calm = 5_000

/** Milliseconds between two events for a crowd. */
const crowdEvery = 120_000

/**
 * What happens in a run. Load and faults are drawn separately, so that a run with fewer faults has the
 * same load. Every fault comes once before any comes twice.
 */
export function planRun({ seed, minutes, rate, faults }: PlanOptions): Plan {
  const length = minutes * 60_000
  const load = createRandom(seed, 'load')
  const messages: PlannedMessage[] = []
  for (let at = 0; at < length; at += (load.next() * 2_000) / rate) {
    const mark = `rig-${seed}-${messages.length}`
    messages.push(planMessage(load, mark, at))
    const last = messages.at(-load.int(1, 20))
    // A producer that publishes an event again; and two tenants whose events have the same id.
    if (last && load.chance(0.03)) messages.push({ ...last, at })
    const isOfTenant = last?.expected.end === 'handled' && last.exchange === undefined
    if (isOfTenant && load.chance(0.05)) {
      messages.push({ ...last, tenant: load.pick(tenants), at })
    }
  }
  const crowds = createRandom(seed, 'crowds')
  for (let at = length / 4; at < length; at += crowdEvery) {
    messages.push(planCrowd(crowds, `rig-${seed}-${messages.length}`, at))
  }
  const random = createRandom(seed, 'faults')
  const planned: PlannedFault[] = []
  let queue: string[] = []
  for (let at = calm; at < length && faults.length > 0; ) {
    if (queue.length === 0) queue = random.shuffle(faults)
    const lasts = random.chance(0.15) ? random.int(15_000, 25_000) : random.int(3_000, 9_000)
    const name = queue.pop() as string
    planned.push({ name, at, lasts, seed: random.int(0, 2 ** 31) })
    // Many begin while the one before is still there: what fails together is found together.
    at += random.chance(0.5) ? lasts * 0.4 : lasts + random.int(1_000, 4_000)
  }
  for (const { name, at, seed: of } of planned.filter((one) => one.name === killerMessage)) {
    messages.push(planKiller(createRandom(of, name), `rig-${seed}-${messages.length}`, at))
  }
  messages.sort((one, other) => one.at - other.at)
  const queues = random.chance(0.5) ? 'own' : 'pooled'
  const holdSeconds = createRandom(seed, 'worker').pick([600, 30] as const)
  const encore = planEncore(seed, messages.length)
  return { seed, queues, holdSeconds, messages, faults: planned, encore }
}

/** Good, small messages. */
function planEncore(seed: number, first: number): PlannedMessage[] {
  const random = createRandom(seed, 'encore')
  const messages: PlannedMessage[] = []
  while (messages.length < 20) {
    const mark = `rig-${seed}-${first + messages.length}`
    const message = planMessage(random, mark, 0)
    if (message.expected.end === 'handled' && message.size <= 4_000) messages.push(message)
  }
  return messages
}
