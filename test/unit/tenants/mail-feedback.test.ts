import { expect, it } from '@jest/globals'
import { planCell } from '../../../lib/tenants/plan.ts'
import { mailFeedbackPart } from '../../../lib/tenants/template/mail-feedback.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const tenants = parseTenants('tenants: { acme: { events: [task.create] } }', 'tenants.yml')
const plan = planCell(tenants, 'main')

it('bounces and complaints of the cell’s mails reach the function, over SES alone', () => {
  expect(mailFeedbackPart(plan, { emailTransport: 'smtp' })).toEqual({
    functions: {},
    resources: {},
  })
  const { resources } = mailFeedbackPart(plan, { emailTransport: 'ses' })
  expect(resources['MailConfigurationSet']?.Properties).toEqual({ Name: 'ecos-main' })
  expect(resources['MailEvents']?.Properties).toMatchObject({
    EventDestination: { MatchingEventTypes: ['BOUNCE', 'COMPLAINT'], Enabled: true },
  })
  expect(resources['MailFeedbackRule']?.Properties).toMatchObject({
    EventPattern: { detail: { mail: { tags: { 'ses:configuration-set': ['ecos-main'] } } } },
  })
  expect(resources['MailFeedbackRule']?.Properties).not.toHaveProperty('EventBusName')
})
