import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { DrainReport } from '../../lib/bridge/drain/drain.ts'

/** An invocation of the drain function in a child process. */
export interface Drain {
  /** Its answer; undefined if a signal ended it. */
  readonly report: Promise<DrainReport | undefined>
  /** The lines of its log, once it has ended. */
  logs(): Promise<Record<string, unknown>[]>
  kill(): void
}

/** @param env the function's variables: with PATH, its whole environment */
export function startDrain(env: Record<string, string>): Drain {
  const child = spawn(process.execPath, ['test/support/invoke-drain.ts'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return {
    report: ended.then(([stdout, stderr, [code]]) => {
      if (code === null) return undefined
      if (code !== 0) throw new Error(stderr)
      return JSON.parse(linesOf(stdout).at(-1) ?? '')
    }),
    logs: () => ended.then(([stdout]) => linesOf(stdout).map((line) => JSON.parse(line))),
    kill: () => void child.kill('SIGKILL'),
  }
}

function linesOf(text: string): string[] {
  return text.trim().split('\n')
}
