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

/** What a process holds. */
export interface Usage {
  /** Its resident memory. */
  readonly megabytes: number
  readonly threads: number
  /** Its open files and sockets. */
  readonly handles: number
  /** The kernel's numbers of its sockets. */
  readonly sockets: ReadonlySet<number>
}

/** What the process holds now; all is 0 if there is no such process. */
export function usageOf(pid: number): Usage {
  const names = list(`/proc/${pid}/fd`)
  const sockets = names.flatMap((name) => socketIn(link(`/proc/${pid}/fd/${name}`)))
  return {
    ...parseStatus(read(`/proc/${pid}/status`)),
    handles: names.length,
    sockets: new Set(sockets),
  }
}

/** @param text of /proc/PID/status */
export function parseStatus(text: string): Pick<Usage, 'megabytes' | 'threads'> {
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { megabytes: field('VmRSS') / 1024, threads: field('Threads') }
}

/** One end of an established TCP connection. */
export interface ConnectionEnd {
  readonly port: number
  readonly remotePort: number
  /** The kernel's number of its socket. */
  readonly socket: number
}

/** Both ends of the machine's TCP connections within itself, and ours of the others. */
export function connectionEnds(): ConnectionEnd[] {
  return ['tcp', 'tcp6'].flatMap((name) => parseConnections(read(`/proc/net/${name}`)))
}

/** @param text of /proc/net/tcp */
export function parseConnections(text: string): ConnectionEnd[] {
  return text.split('\n').flatMap((line) => {
    const [, local, remote, state, , , , , , socket] = line.trim().split(/\s+/)
    if (state !== established) return []
    return [{ port: portIn(local), remotePort: portIn(remote), socket: Number(socket) }]
  })
}

/** Source: the kernel's include/net/tcp_states.h. */
const established = '01'

function portIn(address = ''): number {
  return Number.parseInt(address.split(':').at(-1) ?? '', 16)
}

function socketIn(target: string): number[] {
  const [, number] = /^socket:\[(\d+)\]$/.exec(target) ?? []
  return number === undefined ? [] : [Number(number)]
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
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
