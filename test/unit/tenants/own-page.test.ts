import { describe, expect, it } from '@jest/globals'
import { planCell } from '../../../lib/tenants/plan.ts'
import { ownPagePart } from '../../../lib/tenants/template/own-page.ts'
import { providers } from '../../../lib/tenants/template/provider.ts'
import type { Settings } from '../../../lib/tenants/template/settings.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const tenants = parseTenants('tenants: { acme: { events: [task.create] } }', 'tenants.yml')
const plan = planCell(tenants, 'main')
const settings = {
  cell: 'main',
  tenantsFile: 'tenants.yml',
  reserveConcurrency: true,
  emailTransport: 'smtp',
  emailFrom: 'ecos@example.com',
  emailUnsubscribe: '',
  ownPage: true,
  ownPageUrl: '',
} as Settings

describe('the page of one’s own', () => {
  it('is not deployed unless it is turned on, and mails then have no links to it', () => {
    const off = { ...settings, ownPage: false }
    expect(ownPagePart(plan, off)).toEqual({ functions: {}, resources: {} })
    const { environment, statements } = providers.email('ecos-main/email', off)
    expect(JSON.stringify([environment, statements])).not.toMatch(/OWN_PAGE|ecos-main\/page/)
  })

  it('may read and write subscriptions, count requests, read tenants and its secret, and nothing else', () => {
    const { resources, functions } = ownPagePart(plan, settings)
    const { Policies } = resources['OwnPageRole']?.Properties ?? {}
    const [{ PolicyDocument }] = Policies as unknown as [
      { PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] } },
    ]
    expect(PolicyDocument.Statement.map(({ Action }) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      ['dynamodb:UpdateItem'],
      ['dynamodb:GetItem'],
      ['secretsmanager:GetSecretValue'],
    ])
    expect(JSON.stringify(PolicyDocument)).not.toMatch(/"\*"/)
    expect(functions['OwnPage']).toMatchObject({ reservedConcurrency: 10 })
  })

  it('is asked through its URL alone, with both permissions that Lambda wants', () => {
    const { resources } = ownPagePart(plan, settings)
    const found = Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Permission')
      .map(({ Properties: { FunctionName: _, ...rest } }) => rest)
    expect(found).toEqual([
      { Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true },
    ])
  })

  it.each([
    ['', { 'Fn::GetAtt': ['OwnPageUrl', 'FunctionUrl'] }],
    ['https://notify.acme.example', 'https://notify.acme.example'],
  ])('is linked to by mails at its own address or that of "%s"', (ownPageUrl, url) => {
    for (const emailTransport of ['smtp', 'ses'] as const) {
      const on = { ...settings, emailTransport, ownPageUrl }
      const { environment, statements } = providers.email('ecos-main/email', on)
      expect(environment).toMatchObject({ OWN_PAGE_URL: url, OWN_PAGE_SECRET_ID: 'ecos-main/page' })
      expect(JSON.stringify(statements)).toContain('secret:ecos-main/page')
    }
  })
})
