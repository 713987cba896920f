import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Lambda gives a function one core for 1,769 MB of memory (Lambda developer guide, memory). */
export const shareOf = (megabytes: number) => megabytes / 1769

/** Milliseconds in which a process may use its share, as Linux's CPU quotas have it. */
const periodMilliseconds = 100

/** Milliseconds between two looks at the processes. */
const lookMilliseconds = 4

/**
 * Holds every Node process below MiniStack, which runs the functions, to a share of one core: one that
 * has used up a period's share is stopped until the next. A process that waits loses nothing.
 *
 * @returns ends it; the CPU seconds of the processes together
 */
export function holdCpu(share: number): { end(): Promise<void>; cpuSeconds(): number } {
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
        workers = functionProcesses()
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

/** Node processes whose parent is a Python process that descends from this one. */
function functionProcesses(): number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`)
      const [, pid, parent] = /^(\d+) \(.*\) \S (\d+)/.exec(stat) ?? []
      return pid ? [{ pid: Number(pid), parent: Number(parent) }] : []
    })
  const byId = new Map(processes.map((one) => [one.pid, one]))
  const isOurs = (pid: number): boolean => {
    const parent = byId.get(pid)?.parent
    return parent === process.pid || (parent !== undefined && parent > 1 && isOurs(parent))
  }
  return processes
    .filter(({ pid, parent }) => isOurs(pid) && runs(pid, 'node') && runs(parent, 'python'))
    .map(({ pid }) => pid)
}

/** Nanoseconds on a CPU, of all the process's threads. */
function cpuOf(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce(
      (sum, thread) => sum + Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]),
      0,
    )
  } catch {
    return undefined
  }
}

function runs(pid: number, program: string): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith(program)
  } catch {
    return false
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
