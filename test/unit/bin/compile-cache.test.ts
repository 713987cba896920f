import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, it, jest } from '@jest/globals'

// Each test starts a process.
jest.setTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'cache-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function start(env: NodeJS.ProcessEnv): Promise<string> {
  const command = ['bin/ecos-eventbridge.mjs', 'permissions', '--help']
  return (await promisify(execFile)(process.execPath, command, { env })).stdout
}

it('a command keeps what was compiled of it, in a folder of its user', async () => {
  expect(await start({ HOME: folder })).toContain('--tenant')
  const kept = readdirSync(join(folder, '.cache', 'ecos-eventbridge'), { recursive: true })
  expect(kept.length).toBeGreaterThan(10)
})

it.each([
  ['has no home', {}],
  ['may not write there', { XDG_CACHE_HOME: '/dev/null' }],
  // Node.js asked for a folder there over and over.
  ['can have no folder there', { XDG_CACHE_HOME: '/proc/none' }],
])('a command runs where its user %s', async (_, env) => {
  expect(await start(env)).toContain('--tenant')
})
