import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../plan/random.ts'
import type { Clock } from './clock.ts'

/** The processes that bridge in a run: a worker, and one drain after another beside it. */
export interface Bridges {
  /** Those that run now. */
  processes(): readonly { readonly name: 'worker' | 'drain'; readonly child: ChildProcess }[]
  /** Starts no more drains. Resolves when the last has ended. */
  endDrains(): Promise<void>
  /** The same, and ends the worker with SIGTERM. @returns the worker's exit code */
  stop(): Promise<number | null>
}

export interface BridgesOptions {
  readonly env: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly logDir: string
  readonly random: Random
}

/** A process dies when it reads a killer, as from a fault in native code. */
export const diesAtKiller = `--import=${resolve('test/support/crash-on-marker.mjs')}`

/** Milliseconds between two drains, and before a worker that ended is started again. */
const pause = 3_000

/** Milliseconds after its end by the clock, or after SIGTERM, at which a process that hangs is killed. */
const longestEnd = 60_000

export function startBridges({ env, clock, logDir, random }: BridgesOptions): Bridges {
  mkdirSync(logDir, { recursive: true })
  const running = new Map<ChildProcess, 'worker' | 'drain'>()
  const NODE_OPTIONS = `${diesAtKiller} ${clock.option}`
  let isDraining = true
  let isStopping = false
  let count = 0

  const run = async (
    name: 'worker' | 'drain',
    args: string[],
    more: Record<string, string>,
    remaining?: number,
  ) => {
    count += 1
    const log = openSync(join(logDir, `${name}-${String(count).padStart(3, '0')}.log`), 'w')
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'], NODE_OPTIONS, ...clock.env, ...env, ...more },
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    running.set(child, name)
    if (remaining !== undefined) killAfter(child, remaining + longestEnd)
    const [code] = (await once(child, 'exit')) as [number | null]
    running.delete(child)
    return code
  }
  const keepWorker = async () => {
    for (;;) {
      const code = await run('worker', ['bin/ecos-eventbridge.mjs', 'bridge', 'run'], {})
      if (isStopping) return code
      await sleep(pause)
      // A worker that is started now would miss its SIGTERM.
      if (isStopping) return code
    }
  }
  const keepDraining = async () => {
    while (isDraining) {
      // A drain takes no more messages 10 s before its end: some end in the middle of a backlog.
      const remaining = random.int(11_000, 25_000)
      const more = { REMAINING_MS: String(remaining) }
      await run('drain', ['torture/world/invoke-drain.ts'], more, remaining)
      await sleep(pause)
    }
  }
  const worker = keepWorker()
  const drains = keepDraining()
  return {
    processes: () => [...running].map(([child, name]) => ({ name, child })),
    endDrains() {
      isDraining = false
      return drains
    },
    async stop() {
      isDraining = false
      isStopping = true
      for (const [child, name] of running) {
        if (name !== 'worker') continue
        child.kill('SIGTERM')
        killAfter(child, longestEnd)
      }
      const [code] = await Promise.all([worker, drains])
      return code
    },
  }
}

function killAfter(child: ChildProcess, milliseconds: number): void {
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  child.once('exit', () => clearTimeout(timer))
}
