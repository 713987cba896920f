import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { DeployOptions } from '../../../local/deploy.ts'
import { takeLock } from '../../../local/lock.ts'
import { keepRunning, readRunning } from '../../../local/running.ts'

const options = { awsEndpoint: 'http://127.0.0.1:1', cell: 'main' } as DeployOptions
const notRunning = expect.objectContaining({ code: 'not-running' })

let stateDir: string
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'ecos-running-'))
})
afterEach(() => rmSync(stateDir, { recursive: true }))

it('the running stack is known to other commands until it ends', async () => {
  await expect(readRunning(stateDir)).rejects.toEqual(notRunning)
  takeLock(stateDir)
  const forget = await keepRunning(stateDir, options)
  expect(await readRunning(stateDir)).toEqual(options)
  forget()
  await expect(readRunning(stateDir)).rejects.toEqual(notRunning)
})

it('what a killed run left behind is no running stack', async () => {
  // Nobody holds the lock of a run that is gone.
  await keepRunning(stateDir, options)
  await expect(readRunning(stateDir)).rejects.toEqual(notRunning)
})
