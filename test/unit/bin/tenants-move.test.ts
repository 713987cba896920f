import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { move } from '../../../bin/commands/tenants-edit.ts'
import { eventTypes } from '../../../lib/events/catalogue.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenants-move-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('a tenant moves to no cell that has no room for its rules, before the file is written', async () => {
  const tenants = join(folder, 'tenants.yml')
  const own = { partition: 'own', events: eventTypes }
  const inNorth = Array.from({ length: 5 }, (_, at) => [`n${at}`, { ...own, cell: 'north' }])
  const text = JSON.stringify({ tenants: { acme: own, ...Object.fromEntries(inNorth) } })
  writeFileSync(tenants, text)
  const moving = move({ tenants, tenant: 'acme', toCell: 'north', partitions: 16 })
  await expect(moving).rejects.toMatchObject({
    code: 'cell-too-large',
    message: expect.stringContaining('The cell north'),
  })
  expect(readFileSync(tenants, 'utf8')).toBe(text)
})
