import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { giveUpMove } from '../../../bin/commands/tenants-stay.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenants-stay-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('a tenant that does not move has no move to give up, and is not asked to begin one', async () => {
  const file = join(folder, 'tenants.yml')
  writeFileSync(file, 'tenants: { acme: { events: [task.create] } }\n')
  await expect(giveUpMove({ tenants: file, tenant: 'acme' })).rejects.toMatchObject({
    code: 'not-moving',
    message: `acme does not move in ${file}: there is no move to give up`,
  })
})
