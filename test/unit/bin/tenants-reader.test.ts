import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { tenantsReader } from '../../../bin/commands/tenants-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenants-reader-'))
const file = join(folder, 'tenants.yml')
afterAll(() => rmSync(folder, { recursive: true }))

it('sees a tenant that is added later, and parses an unchanged file once', () => {
  writeFileSync(file, 'tenants: { acme: {} }')
  const read = tenantsReader(file)
  const first = read()
  expect(read()).toBe(first)
  writeFileSync(file, 'tenants: { acme: {}, globex: {} }')
  expect(read().map(({ id }) => id)).toEqual(['acme', 'globex'])
  writeFileSync(file, 'tenants: [')
  expect(read).toThrow(expect.objectContaining({ code: 'invalid-tenants' }))
})
