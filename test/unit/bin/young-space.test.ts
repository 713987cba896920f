import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it, jest } from '@jest/globals'
import { leanWorker } from '../../../bench/contenders.ts'

// Each test starts a process.
jest.setTimeout(60_000)

/** Every start of the process writes its options to the standard error. */
const tell = "--import=data:text/javascript,console.error('options:'+process.execArgv)"

/** @returns the options of each start, and what the command wrote */
async function start(args: readonly string[], nodeOptions = '') {
  const env = { PATH: process.env['PATH'], NODE_OPTIONS: `${tell} ${nodeOptions}` }
  const command = ['bin/ecos-eventbridge.mjs', ...args]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { env })
  const starts = [...stderr.matchAll(/^options:(.*)$/gm)].map(([, options]) => options)
  return { starts, stdout }
}

describe("the young space of the worker's heap", () => {
  it('has its full size from the start, as in the benchmark', async () => {
    const { starts, stdout } = await start(['bridge', 'run', '--help'])
    expect(starts.at(-1)).toBe(leanWorker.nodeOptions?.join())
    expect(stdout).toContain('AMQP_URL')
  })

  it("is left to the operator's setting", async () => {
    const { stdout, starts } = await start(['bridge', 'run', '--help'], '--max-semi-space-size=8')
    expect(starts).toEqual([''])
    expect(stdout).toContain('AMQP_URL')
  })

  it('is left to V8 in other commands', async () => {
    const { stdout, starts } = await start(['tenants', '--help'])
    expect(starts).toEqual([''])
    expect(stdout).toContain('list')
  })
})
