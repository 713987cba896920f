import { cpuOf, descendants, runs } from '../stack/processes.ts'

/** The parts of the local system whose CPU time is told apart. */
export const parts = ['broker', 'worker', 'local AWS', 'functions'] as const
export type Part = (typeof parts)[number]

/** Seconds of CPU since its creation, by part. */
export function watchCpu(workerPid: number): () => Readonly<Record<Part, number>> {
  const before = read()
  return () => {
    const used = { broker: 0, worker: 0, 'local AWS': 0, functions: 0 }
    for (const [pid, { part, nanoseconds }] of read()) {
      used[part] += (nanoseconds - (before.get(pid)?.nanoseconds ?? 0)) / 1e9
    }
    return used
  }

  function read(): Map<number, { readonly part: Part; readonly nanoseconds: number }> {
    const known = descendants().flatMap(({ pid, parent }) => {
      const part = partOf(pid, parent)
      return part ? [[pid, { part, nanoseconds: cpuOf(pid) ?? 0 }] as const] : []
    })
    return new Map(known)
  }

  function partOf(pid: number, parent: number): Part | undefined {
    if (pid === workerPid) return 'worker'
    if (runs(pid, 'beam')) return 'broker'
    if (runs(pid, 'python')) return 'local AWS'
    return runs(pid, 'node') && runs(parent, 'python') ? 'functions' : undefined
  }
}
