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
  /** The whole environment of the process, but for PATH, HOME and the like: see `environmentOf`. */
  env?: Record<string, string>
  /** Resolves once the service answers; throws as long as it does not. */
  probe(): Promise<unknown>
  readyWithinMs: number
}

export type Service = {
  stop(): Promise<void>
}

/** One that is a process of our own. */
export type ServiceProcess = Service & {
  /** Ends it with all that it started, without a warning (SIGKILL). */
  kill(): Promise<void>
}

const PROBE_EVERY_MS = 50
const KILL_AFTER_MS = 5_000
/** What of our own environment a service needs. The rest (AWS_PROFILE, NODE_OPTIONS) could change it. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'USER', 'DOCKER_HOST', 'XDG_RUNTIME_DIR']

/**
 * Starts a process that stays, and waits until it answers. It leads a process group of its own, so
 * that a terminal's Ctrl-C reaches us alone and the parts are ended in order.
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

/** How the process ended, once it has. */
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

/** Ends a whole process group: politely, and after a while by force. */
async function endGroup(groupId: number | undefined, ended: Promise<string>): Promise<void> {
  signalGroup(groupId, 'SIGTERM')
  const limit = new AbortController()
  await Promise.race([
    ended,
    sleep(KILL_AFTER_MS, undefined, { signal: limit.signal }).catch(() => {}),
  ])
  limit.abort()
  // Also when the leader is gone: what it started may have outlived it.
  signalGroup(groupId, 'SIGKILL')
  await ended
}

function signalGroup(groupId: number | undefined, signal: NodeJS.Signals): void {
  if (groupId === undefined) return
  try {
    process.kill(-groupId, signal)
  } catch {
    // Nobody is left in the group.
  }
}
