import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EcosError } from '../lib/errors.ts'
import type { DeployOptions } from './deploy.ts'
import { lockHolder } from './lock.ts'

/** It holds the receivers' secrets, which are new for each run. */
const fileIn = (stateDir: string) => join(stateDir, 'running.json')

/** The running stack, as other commands have to know it. */
export type Running = {
  pid: number
  /** With which it was deployed. */
  options: DeployOptions
  /** The tenants of the project's tenants.yml that are in the run's own. */
  ofProject: readonly string[]
}

/** Keeps what other commands have to know. @returns a function that forgets it */
export function keepRunning(stateDir: string, running: Omit<Running, 'pid'>): () => void {
  writeRunning(stateDir, { pid: process.pid, ...running })
  return () => rmSync(fileIn(stateDir), { force: true })
}

export function writeRunning(stateDir: string, running: Running): void {
  writeFileSync(fileIn(stateDir), JSON.stringify(running), { mode: 0o600 })
}

/** @throws EcosError `not-running` */
export function readRunning(stateDir: string): Running {
  const running = findRunning(stateDir)
  if (running !== undefined) return running
  const todo = 'start it with npm start'
  throw new EcosError('not-running', `No local stack runs in this clone: ${todo}`)
}

/** Undefined where none runs, also where a killed run left its file behind. */
export function findRunning(stateDir: string): Running | undefined {
  try {
    const running = JSON.parse(readFileSync(fileIn(stateDir), 'utf8')) as Running
    return running.pid === lockHolder(stateDir) ? running : undefined
  } catch {
    return undefined
  }
}
