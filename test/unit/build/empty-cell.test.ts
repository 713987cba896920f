import { describe, expect, it } from '@jest/globals'
import { refuseUnknownCell } from '../../../build/empty-cell.ts'
import { EcosError } from '../../../lib/errors.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const tenants = parseTenants('tenants: { a: { cell: north } }', 'tenants.yml')
const deployed = { read: async () => ({ version: '3', text: undefined }) }
const nothingApplied = { read: async () => undefined }
const notDeployed = {
  read: async () => {
    throw new EcosError('not-deployed', 'There is no table')
  },
}

describe('a deployment of a cell', () => {
  it('without tenants is refused if it never had one', async () => {
    for (const table of [nothingApplied, notDeployed]) {
      await expect(refuseUnknownCell(tenants, 'nroth', table)).rejects.toMatchObject({
        code: 'cell-empty',
        message:
          'No tenant in tenants.yml has the cell nroth: add a tenant to it, or deploy another cell',
      })
    }
  })

  it('whose last tenant has gone is made', async () => {
    await refuseUnknownCell(tenants, 'main', deployed)
    await refuseUnknownCell(tenants, 'north', notDeployed)
  })

  it('fails if it cannot be known', async () => {
    const broken = { read: async () => Promise.reject(new Error('denied')) }
    await expect(refuseUnknownCell(tenants, 'main', broken)).rejects.toThrow('denied')
  })
})
