import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { requireTenant } from '../../../bin/commands/known-tenant.ts'

const folder = mkdtempSync(join(tmpdir(), 'known-tenant-'))
const file = join(folder, 'tenants.yml')
const { TENANTS_FILE } = process.env
afterAll(() => {
  rmSync(folder, { recursive: true })
  if (TENANTS_FILE === undefined) delete process.env['TENANTS_FILE']
  else process.env['TENANTS_FILE'] = TENANTS_FILE
})

it('a tenant on its way to another cell is known in its own, which has its dead letters', async () => {
  writeFileSync(file, 'tenants: { acme: { movingTo: north }, globex: { cell: north } }')
  process.env['TENANTS_FILE'] = file
  await requireTenant('main', 'acme')
  for (const [cell, tenant] of [
    ['north', 'acme'],
    ['main', 'globex'],
  ] as const) {
    await expect(requireTenant(cell, tenant)).rejects.toMatchObject({ code: 'no-such-tenant' })
  }
})
