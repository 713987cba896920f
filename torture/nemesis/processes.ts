import { killerMessage } from '../plan/plan.ts'
import type { Random } from '../plan/random.ts'
import { functionProcesses } from '../world/functions.ts'
import type { World } from '../world/world.ts'
import { type Allowance, type Fault, unacknowledged } from './fault.ts'

/** Faults of the product's own processes. */

type Pids = (world: World) => number[]

const bridges =
  (name: 'worker' | 'drain'): Pids =>
  (world) =>
    world.bridges
      .processes()
      .filter((one) => one.name === name)
      .flatMap(({ child }) => child.pid ?? [])

const functions =
  (queuePart: string): Pids =>
  ({ awsLink }) =>
    functionProcesses(awsLink.endpoint, queuePart)

const senders: Pids = (world) =>
  ['-email', '-webhook', '-telegram', '-push', '-sms'].flatMap((part) => functions(part)(world))
const handlers: Pids = (world) => {
  const all = functions('')(world)
  const others = new Set(senders(world))
  return all.filter((pid) => !others.has(pid))
}

export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // It has ended.
    }
  }
}

/** Sends a signal now and every few seconds. */
function killing(
  name: string,
  pids: Pids,
  allows: readonly Allowance[],
  kill: NodeJS.Signals,
): Fault {
  return {
    name,
    allows,
    start(world) {
      signal(pids(world), kill)
      const timer = setInterval(() => signal(pids(world), kill), 4_000)
      return () => clearInterval(timer)
    },
  }
}

/** Asks each worker to end, once. It settles what it has in hand: no acknowledgement may be lost. */
const workerEnded: Fault = {
  name: 'worker-ended',
  allows: [],
  start(world) {
    const asked = new Set<number>()
    const ask = () => {
      const pids = bridges('worker')(world).filter((pid) => !asked.has(pid))
      for (const pid of pids) asked.add(pid)
      signal(pids, 'SIGTERM')
    }
    ask()
    const timer = setInterval(ask, 4_000)
    return () => clearInterval(timer)
  },
}

/** Stops some processes as a machine without CPU does, and lets them go on. */
function pausing(name: string, pids: Pids, allows: readonly Allowance[]): Fault {
  return {
    name,
    allows,
    start(world, random: Random) {
      const stopped = random.shuffle(pids(world)).slice(0, 4)
      signal(stopped, 'SIGSTOP')
      return () => signal(stopped, 'SIGCONT')
    },
  }
}

/** Seconds: the mails that a killed sender had in hand come back after the visibility timeout, twice at most. */
export const mailRecovery = 300

/** Seconds: a killer is delivered 20 times, each of which costs a process. */
const killerRecovery = 480

const uncertain = ['twice-delivered', 'uncertain'] as const

export const processes: readonly Fault[] = [
  killing('worker-killed', bridges('worker'), unacknowledged, 'SIGKILL'),
  workerEnded,
  killing('drain-killed', bridges('drain'), unacknowledged, 'SIGKILL'),
  killing('handlers-killed', handlers, [], 'SIGKILL'),
  {
    ...killing('senders-killed', senders, uncertain, 'SIGKILL'),
    recoversWithin: mailRecovery,
  },
  pausing(
    'bridges-paused',
    (world) => [...bridges('worker')(world), ...bridges('drain')(world)],
    unacknowledged,
  ),
  { ...pausing('senders-paused', senders, uncertain), recoversWithin: mailRecovery },
  {
    name: killerMessage,
    allows: unacknowledged,
    recoversWithin: killerRecovery,
    isSlow: true,
    // The plan has the message.
    start: () => () => undefined,
  },
]
