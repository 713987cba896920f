import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { currentTenants, everyTenant } from '../../../bin/commands/current-tenants.ts'
import { publishedText } from '../../../lib/tenants/published.ts'
import { readTenantsFile } from '../../../lib/tenants/tenants-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'current-tenants-'))
afterAll(() => rmSync(folder, { recursive: true }))

const applied = (ids: readonly string[]) => {
  const text = JSON.stringify({ tenants: Object.fromEntries(ids.map((id) => [id, {}])) })
  return publishedText(readTenantsFile(text, 'tenants.yml'), 'main', undefined, new Date())
}

/** The table of a cell: its version is known to whoever has read it. */
function tableOf() {
  const state: { version: string; text: string | undefined; error?: Error } = {
    ...{ version: '1', text: applied(['acme']) },
  }
  const tenants = currentTenants('', () => ({
    async read(known) {
      const { version, text, error } = state
      if (error) throw error
      return version === known ? 'unchanged' : { version, text }
    },
  }))
  return { state, tenants }
}

describe('the tenants of a process that goes on', () => {
  it('are those of the file for the cell, as it is now, parsed once', async () => {
    const file = join(folder, 'tenants.yml')
    writeFileSync(file, 'tenants: { acme: {}, globex: { cell: north } }')
    const read = currentTenants(file)
    const tenants = async () => (await read('main'))?.tenants
    const first = (await tenants())?.[0]
    expect(await tenants()).toEqual([expect.objectContaining({ id: 'acme' })])
    expect((await tenants())?.[0]).toBe(first)
    writeFileSync(file, 'tenants: { initech: {} }')
    expect(await tenants()).toMatchObject([{ id: 'initech' }])
  })

  it('are the applied ones without a file, parsed once for each version', async () => {
    const { state, tenants } = tableOf()
    const first = await tenants('main')
    expect(first?.tenants).toMatchObject([{ id: 'acme' }])
    expect(await tenants('main')).toBe(first)
    Object.assign(state, { version: '2', text: applied(['acme', 'globex']) })
    expect((await tenants('main'))?.tenants).toMatchObject([{ id: 'acme' }, { id: 'globex' }])
  })

  it('that can not be read are not the same as none', async () => {
    const { state, tenants } = tableOf()
    state.error = new Error('denied')
    await expect(tenants('main')).rejects.toThrow('denied')
    delete state.error
    expect((await tenants('main'))?.tenants).toMatchObject([{ id: 'acme' }])
  })

  it('have notifications on their way to another cell too, and without an event type', async () => {
    const file = join(folder, 'all.yml')
    writeFileSync(
      file,
      'tenants: { acme: {}, globex: { movingTo: north }, other: { cell: north } }',
    )
    const now = await currentTenants(file)('main')
    expect(now && everyTenant(now)).toEqual(['acme', 'globex'])
  })
})
