import { setTimeout as sleep } from 'node:timers/promises'
import { cpuOf, descendants, runs } from './processes.ts'

/** Lambda gives a function one core for 1,769 MB of memory (Lambda developer guide, memory). */
export const shareOf = (megabytes: number) => megabytes / 1769

/** Milliseconds in which a process may use its share, as Linux's CPU quotas have it. */
const periodMilliseconds = 100

/** Milliseconds between two looks at the processes. */
const lookMilliseconds = 4

/**
 * Holds each process to a share of one core: one that has used up a period's share is stopped until the
 * next. A process that waits loses nothing.
 *
 * @param processes their ids; by default every Node process below MiniStack, which runs the functions
 * @returns ends it; the CPU seconds of the processes together
 */
export function holdCpu(
  share: number,
  processes: () => readonly number[] = functionProcesses,
): { end(): Promise<void>; cpuSeconds(): number } {
  const budget = share * periodMilliseconds * 1e6
  const held = new Map<number, { used: number; granted: number; isStopped: boolean }>()
  let isEnding = false
  const used = () => [...held.values()].reduce((sum, one) => sum + one.used, 0)
  const work = (async () => {
    let period = performance.now()
    let workers: readonly number[] = []
    while (!isEnding) {
      const now = performance.now()
      const isNewPeriod = now - period >= periodMilliseconds
      if (isNewPeriod) {
        period = now
        workers = processes()
      }
      for (const pid of workers) {
        const nanoseconds = cpuOf(pid)
        if (nanoseconds === undefined) continue
        const one = held.get(pid) ?? { used: 0, granted: nanoseconds + budget, isStopped: false }
        held.set(pid, one)
        one.used = nanoseconds
        // What a process used too much in one period is taken from its next.
        if (isNewPeriod) one.granted = Math.min(one.granted, one.used) + budget
        const isSpent = one.used >= one.granted
        if (isSpent !== one.isStopped && signal(pid, isSpent ? 'SIGSTOP' : 'SIGCONT')) {
          one.isStopped = isSpent
        }
      }
      await sleep(lookMilliseconds)
    }
    for (const [pid, { isStopped }] of held) if (isStopped) signal(pid, 'SIGCONT')
  })()
  return {
    cpuSeconds: () => used() / 1e9,
    async end() {
      isEnding = true
      await work
    },
  }
}

/** Node processes whose parent is a Python process: MiniStack's functions. */
function functionProcesses(): number[] {
  return descendants()
    .filter(({ pid, parent }) => runs(pid, 'node') && runs(parent, 'python'))
    .map(({ pid }) => pid)
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
