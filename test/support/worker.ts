import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { WorkerStatus } from '../../lib/bridge/worker/status.ts'
import { compileCache } from '../../local/compile-cache.ts'
import { eventually } from './stack.ts'

/** A worker in a child process. */
export interface Worker {
  /** Its exit code; undefined when a signal ended it. */
  readonly exited: Promise<number | undefined>
  readonly logs: Record<string, unknown>[]
  signal(name: NodeJS.Signals): void
  /** The answer of its health endpoint. */
  health(path: '/live' | '/ready'): Promise<{ code: number; status: WorkerStatus }>
  /** Waits until it consumes that number of queues. */
  consuming(queues: number): Promise<void>
}

/** Starts the command with `env` and PATH as its whole environment, beside the place for what Node compiles. */
function spawnCommand(args: readonly string[], env: Record<string, string>) {
  return spawn(process.execPath, ['bin/ecos-eventbridge.mjs', ...args], {
    env: { PATH: process.env['PATH'], ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs the command, and waits for its end. */
export async function runCommand(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawnCommand(args, env)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code: code as number | null, stdout, stderr }
}

export function startWorker(env: Record<string, string>): Worker {
  const child = spawnCommand(['bridge', 'run'], { HEALTH_PORT: '0', ...env })
  const logs: Record<string, unknown>[] = []
  createInterface(child.stdout).on('line', (line) => logs.push(JSON.parse(line)))
  // The log writes level ERROR to stderr.
  createInterface(child.stderr).on('line', (line) => logs.push(asLog(line)))
  // The process has exited, and its log is read to the end.
  const exited = once(child, 'close').then(([code]) => (code === null ? undefined : code))
  const worker: Worker = {
    exited,
    logs,
    signal: (name) => void child.kill(name),
    async health(path) {
      const url = logs.find(({ message }) => message === 'Started')?.['health']
      const response = await fetch(`${url}${path}`)
      return { code: response.status, status: (await response.json()) as WorkerStatus }
    },
    async consuming(queues) {
      await eventually(
        async () => (await worker.health('/ready').catch(() => undefined))?.status.consuming,
        (consuming) => consuming === queues,
      )
    },
  }
  return worker
}

function asLog(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line)
  } catch {
    return { stderr: line }
  }
}

/** A new folder; `remove` deletes it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'ecos-worker-'))
  const path = (name: string) => join(folder, name)
  return {
    path,
    write(name: string, content: string): string {
      writeFileSync(path(name), content)
      return path(name)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
