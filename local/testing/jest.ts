import { spawn } from 'node:child_process'
import { relative } from 'node:path'
import { exitText } from '../commands.ts'
import { compileCache } from '../compile-cache.ts'
import type { FileMessage } from './reporter.ts'

export type Counts = { passed: number; failed: number }

export type JestOptions = {
  /** One of the projects of jest.config.js. */
  project: 'unit' | 'integration'
  args: readonly string[]
  env?: Record<string, string>
  /** Ends Jest when it is aborted. */
  signal?: AbortSignal
}

/** Milliseconds that Jest may take to exit after its last test. */
const EXIT_MS = 10_000

const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning'

/** Runs Jest to its end. When it dies, the file that it was running counts as failed and is named. */
export async function runJest({ project, args, env, signal }: JestOptions): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0 }
  const running = new Set<string>()
  let finished = false
  const reporters = ['default', './local/testing/reporter.ts'].map((name) => `--reporters=${name}`)
  const child = spawn('jest', ['--selectProjects', project, ...reporters, ...args], {
    env: { ...process.env, ...compileCache, ...env, NODE_OPTIONS: nodeOptions },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = () => void child.kill('SIGKILL')
  child.on('message', (message: FileMessage) => {
    if (message.state === 'started') running.add(message.file)
    if (message.state === 'ended') {
      running.delete(message.file)
      counts.passed += message.passed
      counts.failed += message.failed
    }
    if (message.state === 'finished') {
      finished = true
      // An open handle keeps Jest's process alive for ever.
      setTimeout(kill, EXIT_MS).unref()
    }
  })
  signal?.addEventListener('abort', kill)
  const end = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(exitText(code, signal)))
  })
  signal?.removeEventListener('abort', kill)
  if (!finished) {
    const files = [...running].map((file) => relative('.', file)).join(', ')
    process.stderr.write(`Jest ${end}${files && ` while ${files} ran`}\n`)
    counts.failed += Math.max(1, running.size)
  }
  return counts
}
