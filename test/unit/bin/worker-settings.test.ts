import { expect, it } from '@jest/globals'
import { readWorkerTenants, type WorkerSettings } from '../../../bin/commands/worker-settings.ts'

it('leaves to Lambda the tenants that are at a broker of Amazon MQ', () => {
  const settings = { TENANTS_FILE: 'test/fixtures/tenants.yml', CELL: 'main' } as WorkerSettings
  const ids = readWorkerTenants(settings).map(({ id }) => id)
  expect(ids).toContain('acme')
  expect(ids).not.toContain('at-amazon-mq')
})
