import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { EcosError } from '../../lib/errors.ts'

/** Milliseconds for which a command waits for others' edits, of which one of 10,000 tenants takes seconds. */
const editPatience = 30_000

/** Milliseconds after which a lock without the name of its process is abandoned. */
const naming = 5_000

const lookEvery = 50

/**
 * Runs the work while no other command of this kind works on the file. A lock whose process is gone is taken over.
 *
 * @param patience milliseconds to wait for another command
 * @throws EcosError `tenants-locked`
 */
export async function withFileLock<Result>(
  path: string,
  work: () => Result | Promise<Result>,
  patience = editPatience,
): Promise<Result> {
  const lock = `${path}.lock`
  const deadline = Date.now() + patience
  while (!create(lock)) {
    const found = identityOf(lock)
    if (found !== undefined && isAbandoned(lock) && removeAbandoned(lock, found)) continue
    if (Date.now() >= deadline) throw locked(lock)
    await sleep(lookEvery)
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** @returns false if it is there already */
function create(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid} ${hostname()}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes a lock that was found abandoned, unless another command, which found the same, has removed it meanwhile and
 * made its own. The right to remove this very lock is a file too, which one command at a time has.
 *
 * @param found the identity of the abandoned lock, read before it was judged
 * @returns false if another command has the right
 */
export function removeAbandoned(lock: string, found: string): boolean {
  const right = `${lock}.${found}`
  if (!create(right)) return false
  try {
    if (identityOf(lock) === found) rmSync(lock)
    return true
  } finally {
    rmSync(right)
  }
}

/** @returns the file's inode and time, which tell it from any other of this path; undefined if there is none */
export function identityOf(lock: string): string | undefined {
  const stats = statSync(lock, { bigint: true, throwIfNoEntry: false })
  return stats && `${stats.ino}-${stats.mtimeNs}`
}

/** Whether its process was one of this machine, and has ended; without a name it died as it made the lock. */
function isAbandoned(lock: string): boolean {
  const holder = read(lock)?.trim()
  try {
    if (holder === '') return Date.now() - statSync(lock).mtimeMs > naming
    const [pid, host] = holder?.split(' ') ?? []
    if (host === hostname()) process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** @returns undefined if it is gone meanwhile */
function read(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    return undefined
  }
}

function locked(lock: string): EcosError {
  const [pid = 'unknown', host = 'unknown'] = (read(lock) ?? '').trim().split(' ')
  return new EcosError(
    'tenants-locked',
    `Process ${pid} on ${host} has locked ${lock}: nothing was done. Run the command again when that process has ` +
      'ended; if there is none, delete the file first',
    { retryable: true },
  )
}
