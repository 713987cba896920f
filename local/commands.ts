import { spawn } from 'node:child_process'
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { EcosError } from '../lib/errors.ts'

/** Debian installs servers here, and a normal user's PATH lacks these folders. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin']

/** @returns the path of the first executable with that name on PATH */
export function findExecutable(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS]
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export type RunOptions = {
  logFile: string
  cwd?: string
  env?: NodeJS.ProcessEnv
  signal?: AbortSignal
}

/** Runs a command with its output in a log file. If it fails, the error quotes the end of that log. */
export async function run(command: string, args: string[], options: RunOptions): Promise<void> {
  const log = openLog(options.logFile)
  const child = spawn(command, args, {
    detached: true,
    cwd: options.cwd,
    env: options.env ?? process.env,
    signal: options.signal,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : exitText(code, signal)))
  })
  if (failure !== undefined) {
    throw new EcosError('command-failed', `${command} ${failure}. ${logTail(options.logFile)}`)
  }
}

/** Whether a command exits with 0 within ten seconds. */
export function succeeds(command: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', timeout: 10_000 })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

export function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  return openSync(path, 'w')
}

export function exitText(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`
}

/** The path of a log and its last lines, for the end of an error's message. */
export function logTail(path: string, lines = 8): string {
  const tail = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines)
  return [`Its log, ${relative(process.cwd(), path)}, ends:`, ...tail].join('\n  ')
}
