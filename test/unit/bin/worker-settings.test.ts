import { expect, it } from '@jest/globals'
import { type WorkerSettings, workerVariables } from '../../../bin/commands/worker-settings.ts'
import { openWorkerTenants } from '../../../bin/commands/worker-tenants.ts'
import { silentLog } from '../../support/memory.ts'

it('leaves to Lambda the tenants that are at a broker of Amazon MQ', async () => {
  const settings = { TENANTS_FILE: 'test/fixtures/tenants.yml', CELL: 'main' } as WorkerSettings
  const { now } = await openWorkerTenants(settings, silentLog, () => undefined)
  const ids = now().tenants.map(({ id }) => id)
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
