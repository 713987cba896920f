import { expect, it } from '@jest/globals'
import { planCell } from '../../../lib/tenants/plan.ts'
import { dueNotificationsPart } from '../../../lib/tenants/template/due-notifications.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

it('runs do not overlap as a rule: each ends before the next starts, and Lambda retries none', () => {
  const tenants = parseTenants('tenants: { acme: { events: [task.create] } }', 'tenants.yml')
  const plan = planCell(tenants, 'main')
  const { DueNotifications } = dueNotificationsPart(plan, {
    reserveConcurrency: true,
    smsMaxParts: 3,
  }).functions
  expect(DueNotifications).toMatchObject({
    maximumRetryAttempts: 0,
    maximumEventAge: 60,
    reservedConcurrency: 1,
  })
  expect(DueNotifications?.timeout).toBeLessThan(60)
})

it('the applied tenants may be read, since a removed one is reminded of nothing', () => {
  const tenants = parseTenants('tenants: { acme: { events: [task.create] } }', 'tenants.yml')
  const settings = { reserveConcurrency: true, smsMaxParts: 3 }
  const { functions, resources } = dueNotificationsPart(planCell(tenants, 'main'), settings)
  const environment = functions['DueNotifications']?.environment
  expect(environment).toMatchObject({ TENANTS_TABLE: { Ref: 'TenantsTable' } })
  expect(JSON.stringify(resources)).toContain('"Fn::GetAtt":["TenantsTable","Arn"]')
})
