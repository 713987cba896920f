import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EcosError } from '../lib/errors.ts'
import type { DeployOptions } from './deploy.ts'

/** It holds the receivers' secrets, which are new for each run. */
const file = join('.local', 'running.json')

/** Keeps the options with which the running stack was deployed. @returns a function that forgets them */
export async function keepRunning(options: DeployOptions): Promise<() => Promise<void>> {
  await writeFile(file, JSON.stringify(options), { mode: 0o600 })
  return () => rm(file, { force: true })
}

/** @throws EcosError `not-running` */
export async function readRunning(): Promise<DeployOptions> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new EcosError(
      'not-running',
      'No local stack runs in this clone: start it with npm start',
      {
        cause,
      },
    )
  })
  return JSON.parse(text)
}
