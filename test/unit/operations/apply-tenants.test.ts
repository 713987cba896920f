import { expect, it } from '@jest/globals'
import { type AppliedTenants, planTenants } from '../../../lib/operations/apply-tenants.ts'
import { isEmpty } from '../../../lib/tenants/difference.ts'
import { parsePublished } from '../../../lib/tenants/published.ts'
import { readTenantsFile } from '../../../lib/tenants/tenants-file.ts'

it('names a tenant that moves apart from those that are removed', async () => {
  let applied: { version: string; text: string } | undefined
  const table: AppliedTenants = {
    read: async () => applied,
    async write(text) {
      applied = { version: '1', text }
      return '1'
    },
  }
  const planOf = (text: string) => planTenants(table, readTenantsFile(text, 'tenants.yml'), 'main')
  await (await planOf('tenants: { a: , b: , c: , d: }')).apply(new Date())
  const plan = await planOf('tenants: { a: { movingTo: other }, b: { cell: other }, d: }')
  expect(plan.difference).toMatchObject({ removed: ['c'], moved: ['a', 'b'] })
  expect(
    (await planOf('tenants: { a: { movingTo: other }, b: , c: , d: }')).difference.moved,
  ).toEqual(['a'])
})

it('no longer unbinds the queue of a leaving tenant that comes back in another cell', async () => {
  let applied: { version: string; text: string } | undefined
  const table: AppliedTenants = {
    read: async () => applied,
    async write(text, before = '0') {
      applied = { version: String(Number(before) + 1), text }
      return applied.version
    },
  }
  const planOf = (text: string) => planTenants(table, readTenantsFile(text, 'tenants.yml'), 'main')
  const leaving = () => parsePublished(String(applied?.text)).of.leaving.map(({ id }) => id)
  for (const text of ['tenants: { a: , b: }', 'tenants: { b: }']) {
    await (await planOf(text)).apply(new Date())
  }
  expect(leaving()).toEqual(['a'])

  const plan = await planOf('tenants: { a: { cell: other }, b: }')
  expect(plan.difference).toMatchObject({ removed: [], elsewhere: ['a'] })
  expect(isEmpty(plan.difference)).toBe(false)
  expect(await plan.apply(new Date())).toBe('3')
  expect(leaving()).toEqual([])
  expect(isEmpty((await planOf('tenants: { a: { cell: other }, b: }')).difference)).toBe(true)
})
