import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'

// Each test starts a process.
jest.setTimeout(300_000)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecos-bridge-run-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A process that keeps running is killed, and its exit code is then not a number. */
async function run(tenants: string, variables: Record<string, string> = {}) {
  const file = join(folder, 'tenants.yml')
  await writeFile(file, tenants)
  const env = {
    PATH: process.env['PATH'],
    AWS_REGION: 'eu-central-1',
    AMQP_URL: 'amqp://127.0.0.1:1',
    EVENT_BUS_NAME: 'ecos-main',
    TENANTS_FILE: file,
    QUARANTINE_QUEUE_URL: 'http://127.0.0.1:1/quarantine',
    HEALTH_PORT: '0',
    ...variables,
  }
  const options = { env, timeout: 120_000, killSignal: 'SIGKILL' as const }
  return promisify(execFile)(process.execPath, ['bin/main.ts', 'bridge', 'run'], options)
}

describe('bridge run', () => {
  it('ends where a setting is missing that only some tenants need', async () => {
    await expect(run('tenants:\n  acme: {events: [], wire: "2.0"}\n')).rejects.toMatchObject({
      code: 1,
      stderr: 'Missing environment variables: ZOOKEEPER_SERVERS (tenant acme speaks events 2.0)\n',
    })
  })

  it('ends where the templates are not there', async () => {
    const templates = { TEMPLATES_DIR: join(folder, 'absent') }
    await expect(run('tenants:\n  acme:\n', templates)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('absent'),
    })
  })
})
