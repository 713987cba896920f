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

it('the running stack is known to other commands until it ends', () => {
  expect(() => readRunning(stateDir)).toThrow(notRunning)
  takeLock(stateDir)
  const forget = keepRunning(stateDir, { options, ofProject: ['acme'] })
  expect(readRunning(stateDir)).toEqual({ pid: process.pid, options, ofProject: ['acme'] })
  forget()
  expect(() => readRunning(stateDir)).toThrow(notRunning)
})

it('what a killed run left behind is no running stack', () => {
  // Nobody holds the lock of a run that is gone.
  keepRunning(stateDir, { options, ofProject: [] })
  expect(() => readRunning(stateDir)).toThrow(notRunning)
})
