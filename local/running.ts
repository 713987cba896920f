import { rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EcosError } from '../lib/errors.ts'
import type { DeployOptions } from './deploy.ts'
import { lockHolder } from './lock.ts'

/** It holds the receivers' secrets, which are new for each run. */
const fileIn = (stateDir: string) => join(stateDir, 'running.json')

type Running = { pid: number; options: DeployOptions }

/** Keeps the options with which the running stack was deployed. @returns a function that forgets them */
export async function keepRunning(stateDir: string, options: DeployOptions): Promise<() => void> {
  const running: Running = { pid: process.pid, options }
  await writeFile(fileIn(stateDir), JSON.stringify(running), { mode: 0o600 })
  return () => rmSync(fileIn(stateDir), { force: true })
}

/** @throws EcosError `not-running`, also where a killed run left its file behind */
export async function readRunning(stateDir: string): Promise<DeployOptions> {
  const running = await readFile(fileIn(stateDir), 'utf8').then(
    (text): Running => JSON.parse(text),
    () => undefined,
  )
  if (running !== undefined && running.pid === lockHolder(stateDir)) return running.options
  const todo = 'start it with npm start'
  throw new EcosError('not-running', `No local stack runs in this clone: ${todo}`)
}
