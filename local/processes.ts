import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { EcosError, messageOf } from '../lib/errors.ts'
import { exitText, logTail, openLog } from './commands.ts'
import type { Context } from './context.ts'
import { markedEnvironment } from './survivors.ts'

export type ServiceOptions = {
  name: string
  command: string
  args: string[]
  logFile: string
  cwd?: string
  /** The environment of the process, beside the inherited variables: see `INHERITED`. */
  env?: Record<string, string>
  /** Rejects until the service answers. */
  probe(): Promise<unknown>
  readyWithinMs: number
}

export type Service = {
  stop(): Promise<void>
}

/** A service that runs as a child process. */
export type ServiceProcess = Service & {
  /** Kills its process group (SIGKILL). */
  kill(): Promise<void>
}

const PROBE_EVERY_MS = 50
const KILL_AFTER_MS = 5_000
/** The variables that a service inherits. Others, such as AWS_PROFILE and NODE_OPTIONS, could change it. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'USER', 'DOCKER_HOST', 'XDG_RUNTIME_DIR']

/**
 * Starts a long-running process and waits until it answers. It leads its own process group: a
 * terminal's Ctrl-C does not reach it, so that this process can stop the parts in order.
 */
export async function startService(
  options: ServiceOptions,
  { stateDir, signal, onDeath }: Context,
): Promise<ServiceProcess> {
  signal.throwIfAborted()
  const log = openLog(options.logFile)
  const child = spawn(options.command, options.args, {
    cwd: options.cwd ?? stateDir,
    detached: true,
    env: { ...environmentOf(stateDir), ...options.env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const ended = endOf(child)
  let isStopping = false
  const stop = () => {
    isStopping = true
    return endGroup(child.pid, ended)
  }
  try {
    await waitUntilReady(options, ended, signal)
  } catch (error) {
    await stop()
    throw error
  }
  void ended.then((end) => {
    if (!isStopping) onDeath?.(endError(options, end))
  })
  const kill = () => {
    isStopping = true
    signalGroup(child.pid, 'SIGKILL')
    return ended.then(() => undefined)
  }
  return { stop, kill }
}

function environmentOf(stateDir: string): NodeJS.ProcessEnv {
  const inherited = INHERITED.map((name) => [name, process.env[name]] as const)
  return {
    ...Object.fromEntries(inherited.filter(([, value]) => value !== undefined)),
    ...markedEnvironment(stateDir),
  }
}

/** Resolves with how the process ended. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(exitText(code, signal)))
  })
}

async function waitUntilReady(
  options: ServiceOptions,
  ended: Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  let end: string | undefined
  void ended.then((text) => {
    end = text
  })
  const deadline = Date.now() + options.readyWithinMs
  for (;;) {
    const refusal = await options.probe().then(
      () => undefined,
      (error: unknown) => messageOf(error),
    )
    signal.throwIfAborted()
    if (end !== undefined) throw endError(options, end)
    if (refusal === undefined) return
    if (Date.now() > deadline) {
      const limit = `did not answer within ${options.readyWithinMs / 1000} s (${refusal})`
      throw new EcosError(
        'service-not-ready',
        `${options.name} ${limit}. ${logTail(options.logFile)}`,
      )
    }
    await sleep(PROBE_EVERY_MS)
  }
}

function endError({ name, logFile }: ServiceOptions, end: string): EcosError {
  return new EcosError('service-ended', `${name} ${end}. ${logTail(logFile)}`)
}

/** Ends a process group: SIGTERM, and SIGKILL after `KILL_AFTER_MS`. */
async function endGroup(groupId: number | undefined, ended: Promise<string>): Promise<void> {
  signalGroup(groupId, 'SIGTERM')
  const limit = new AbortController()
  await Promise.race([
    ended,
    sleep(KILL_AFTER_MS, undefined, { signal: limit.signal }).catch(() => {}),
  ])
  limit.abort()
  // Its children may have outlived the leader.
  signalGroup(groupId, 'SIGKILL')
  await ended
}

function signalGroup(groupId: number | undefined, signal: NodeJS.Signals): void {
  if (groupId === undefined) return
  try {
    process.kill(-groupId, signal)
  } catch {
    // The group is empty.
  }
}
