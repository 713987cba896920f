import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

// What Linux tells of processes in /proc. Elsewhere there are none.

/** The processes that descend from this one, without those whose parent has died. */
export function descendants(): { readonly pid: number; readonly parent: number }[] {
  const processes = list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const [, pid, parent] = /^(\d+) \(.*\) \S (\d+)/.exec(read(`/proc/${name}/stat`)) ?? []
      return pid ? [{ pid: Number(pid), parent: Number(parent) }] : []
    })
  const byId = new Map(processes.map((one) => [one.pid, one]))
  const isOurs = (pid: number): boolean => {
    const parent = byId.get(pid)?.parent
    return parent === process.pid || (parent !== undefined && parent > 1 && isOurs(parent))
  }
  return processes.filter(({ pid }) => isOurs(pid))
}

/** Whether the process runs a program whose file has such a name. */
export function runs(pid: number, program: string): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith(program)
  } catch {
    return false
  }
}

/** The process of the private broker, if it is one of this machine's. */
export function brokerProcess(): number | undefined {
  return descendants().find(({ pid }) => runs(pid, 'beam'))?.pid
}

/** Nanoseconds on a CPU, of all the process's threads; undefined if there is no such process. */
export function cpuOf(pid: number): number | undefined {
  const threads = list(`/proc/${pid}/task`)
  if (threads.length === 0) return undefined
  return threads.reduce(
    (sum, thread) => sum + Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]),
    0,
  )
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
