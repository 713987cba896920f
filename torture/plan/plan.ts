import { type PlannedMessage, planMessage } from './message.ts'
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
  readonly messages: readonly PlannedMessage[]
  readonly faults: readonly PlannedFault[]
}

export interface PlanOptions {
  readonly seed: number
  readonly minutes: number
  /** Messages a second, on average. */
  readonly rate: number
  /** The names of the faults to choose from. */
  readonly faults: readonly string[]
}

/** Messages without faults at the start: functions start, and queues are known to work. */
const calm = 5_000

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
    if (last?.expected.end === 'handled' && load.chance(0.05)) {
      messages.push({ ...last, tenant: load.pick(tenants), at })
    }
  }
  const random = createRandom(seed, 'faults')
  const planned: PlannedFault[] = []
  let queue: string[] = []
  for (let at = calm; at < length && faults.length > 0; ) {
    if (queue.length === 0) queue = random.shuffle(faults)
    const lasts = random.chance(0.15) ? random.int(15_000, 25_000) : random.int(3_000, 9_000)
    const name = queue.pop() as string
    planned.push({ name, at, lasts, seed: random.int(0, 2 ** 31) })
    // Some begin while the one before is still there.
    at += random.chance(0.25) ? lasts / 2 : lasts + random.int(1_000, 5_000)
  }
  return { seed, queues: random.chance(0.5) ? 'own' : 'pooled', messages, faults: planned }
}
