import { expect, it } from '@jest/globals'
import {
  readWorkerTenants,
  type WorkerSettings,
  workerVariables,
} from '../../../bin/commands/worker-settings.ts'

it('leaves to Lambda the tenants that are at a broker of Amazon MQ', () => {
  const settings = { TENANTS_FILE: 'test/fixtures/tenants.yml', CELL: 'main' } as WorkerSettings
  const ids = readWorkerTenants(settings).map(({ id }) => id)
  expect(ids).toContain('acme')
  expect(ids).not.toContain('at-amazon-mq')
})

it.each([{ PREFETCH: '65536' }, { SHUTDOWN_SECONDS: '2147484' }])(
  'refuses what the broker or a timer can not do: %j',
  (setting) => {
    const [name = ''] = Object.keys(setting)
    const { shape } = workerVariables
    expect(shape[name as keyof typeof shape].safeParse(Object.values(setting)[0]).success).toBe(
      false,
    )
  },
)
