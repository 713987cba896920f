import { expect, it } from '@jest/globals'
import { planCell } from '../../../lib/tenants/plan.ts'
import { dueNotificationsPart } from '../../../lib/tenants/template/due-notifications.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

it('runs never overlap: each ends before the next starts, and Lambda retries none', () => {
  const tenants = parseTenants('tenants: { acme: { events: [task.create] } }', 'tenants.yml')
  const { DueNotifications } = dueNotificationsPart(planCell(tenants, 'main')).functions
  expect(DueNotifications).toMatchObject({ maximumRetryAttempts: 0 })
  expect(DueNotifications?.timeout).toBeLessThan(60)
})
