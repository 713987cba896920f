import type { QueueLayout } from '../../lib/tenants/pools.ts'
import { brokerAlone, type Contender, longRunDoors } from '../contenders.ts'
import type { Stub } from '../processes.ts'
import { jobOf, runOnBacklog, type Throughput } from '../throughput.ts'

/** The bridge with so many tenants beside the same with one. */
export interface BridgeScale {
  readonly contender: string
  readonly queues: QueueLayout
  readonly tenants: number
  readonly events: number
  /** The medians of the rounds. */
  readonly perSecond: number
  readonly peakMegabytes: number
  /** CPU time of bridge and broker for an event, in microseconds, with one tenant and with so many. */
  readonly cpuOfOne: Cpu
  readonly cpu: Cpu
  /** To one tenant, in the same round: the machine's other load is the same. */
  readonly ratio: number
  /** Of the rounds, the lowest first. */
  readonly ratios: readonly number[]
}

interface Cpu {
  readonly bridge: number
  readonly broker: number
}

export interface BridgePlan {
  /** The broker's process. */
  readonly brokerPid: number | undefined
  readonly queues: QueueLayout
  readonly tenants: number
  readonly events: number
  readonly rounds: number
}

const doors: readonly Contender[] = [brokerAlone, ...longRunDoors]

/** Measures one tenant and many in turns. The broker alone says what the bridge could have at most. */
export async function measureBridge(
  stub: Stub,
  amqpUrl: string,
  { queues, tenants, events, rounds, brokerPid }: BridgePlan,
): Promise<BridgeScale[]> {
  const pairs = new Map<Contender, { one: Throughput; many: Throughput }[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const door of doors) {
      const run = (count: number) => {
        const load = { stub, amqpUrl, calls: door.calls[0], events, queues, brokerPid }
        return runOnBacklog(door, jobOf(door, { ...load, tenants: count }), stub)
      }
      const pair = { one: await run(1), many: await run(tenants) }
      pairs.set(door, [...(pairs.get(door) ?? []), pair])
    }
  }
  return [...pairs].map(([{ name }, runs]) => {
    const ratios = runs.map(({ one, many }) => many.perSecond / one.perSecond)
    return {
      ...{ contender: name, queues, tenants, events },
      perSecond: median(runs.map(({ many }) => many.perSecond)),
      peakMegabytes: median(runs.map(({ many }) => many.peakMegabytes)),
      cpuOfOne: cpuOf(runs.map(({ one }) => one)),
      cpu: cpuOf(runs.map(({ many }) => many)),
      ratio: median(ratios),
      ratios: ratios.toSorted((a, b) => a - b),
    }
  })
}

function cpuOf(runs: readonly Throughput[]): Cpu {
  return {
    bridge: median(runs.map(({ cpuPerEvent }) => cpuPerEvent)),
    broker: median(runs.map(({ brokerCpuPerEvent }) => brokerCpuPerEvent)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}
