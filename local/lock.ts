import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EcosError } from '../lib/errors.ts'

/**
 * Locks the state folder for this process: two runs in one clone would overwrite each other's files. A
 * lock of a process that is gone is taken over.
 *
 * @returns a function that releases the lock
 */
export function takeLock(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true })
  const path = pathIn(stateDir)
  const holder = lockHolder(stateDir)
  if (holder !== undefined) throw alreadyRunning(holder)
  rmSync(path, { force: true })
  try {
    writeFileSync(path, `${process.pid} ${startTimeOf(process.pid)}\n`, { flag: 'wx' })
  } catch {
    throw alreadyRunning(readLock(path)?.pid)
  }
  return () => rmSync(path, { force: true })
}

/** The id of the process that holds the state folder's lock, if it runs. */
export function lockHolder(stateDir: string): number | undefined {
  const holder = readLock(pathIn(stateDir))
  const isAlive = holder !== undefined && startTimeOf(holder.pid) === holder.started
  return isAlive ? holder.pid : undefined
}

function pathIn(stateDir: string): string {
  return join(stateDir, 'lock')
}

function readLock(path: string): { pid: number; started: string } | undefined {
  try {
    const [pid = '', started = ''] = readFileSync(path, 'utf8').trim().split(' ')
    return { pid: Number(pid), started }
  } catch {
    return undefined
  }
}

/**
 * When a process started, in kernel ticks: it distinguishes the process from a later one with the same
 * id. Without /proc, only whether it is alive.
 */
function startTimeOf(pid: number): string {
  try {
    // Field 2, the name in parentheses, may have spaces: count the fields after it. Field 22 is the start.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return fields?.[19] ?? ''
  } catch {
    return isAlive(pid) ? 'alive' : 'gone'
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function alreadyRunning(pid: number | undefined): EcosError {
  return new EcosError(
    'already-running',
    `The local stack of this clone runs already (process ${pid ?? 'unknown'}): end that one first, or use another clone.`,
  )
}
