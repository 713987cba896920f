import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { runChangeOver } from '../../../bin/commands/bridge-change-over.ts'

const folder = mkdtempSync(join(tmpdir(), 'change-over-'))
const before = { ...process.env }
afterAll(() => {
  process.env = before
  rmSync(folder, { recursive: true })
})

it('a cell without tenants can not be changed over: it may be misspelt', async () => {
  const file = join(folder, 'tenants.yml')
  writeFileSync(file, 'tenants: { acme: {} }')
  Object.assign(process.env, { AMQP_URL: 'amqp://127.0.0.1:1', TENANTS_FILE: file, CELL: 'mian' })
  await expect(runChangeOver({})).rejects.toMatchObject({
    code: 'no-tenants',
    message: expect.stringContaining(`${file} has no tenant with the cell mian`),
  })
})
