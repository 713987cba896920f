import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { late } from '../../../lib/late.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'
import { cellOf } from '../../support/cell.ts'

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape.
type Json = any

const broker = {
  name: 'cloud',
  amazonMq: 'arn:aws:mq:eu-central-1:123456789012:broker:ecos:b-1',
  secret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:mq-AbCdEf',
  virtualHost: '/',
}
const tenant = { locale: 'ru', cell: 'main', events: ['task.create', 'record.create'] }
const tenants = [
  { ...tenant, id: 'acme' },
  { ...tenant, id: 'at-amazon', broker },
] as unknown as Tenant[]

/** A cell with every part that can be turned on. */
const cell = late(() => cellOf(tenants, { emailTransport: 'ses', ownPage: true }))
const functions = (): [string, Json][] => Object.entries(cell.definitions)
const idOf = (key: string) => `${key}LambdaFunction`

/** The logical ids that a part of the template names. */
function named(part: Json): string[] {
  if (part === null || typeof part !== 'object') return []
  const own = [part.Ref, Array.isArray(part['Fn::GetAtt']) ? part['Fn::GetAtt'][0] : undefined]
  return [...own.filter((id) => typeof id === 'string'), ...Object.values(part).flatMap(named)]
}

function ofType(type: string): [string, Json][] {
  return Object.entries(cell.resources).filter(([, { Type }]) => Type === type)
}

const statementsOf = (role: string): Json[] =>
  cell.resources[role]?.Properties.Policies[0].PolicyDocument.Statement

describe('a cell with all its parts', () => {
  it('names only what it has', () => {
    const there = new Set([
      ...Object.keys(cell.resources),
      ...Object.keys(cell.definitions).map(idOf),
    ])
    const absent = named([cell.resources, cell.definitions]).filter(
      (id) => !there.has(id) && !id.startsWith('AWS::'),
    )
    expect(absent).toEqual([])
  })

  it('packages each function with its own bundle, and starts what is in it', () => {
    expect(functions().length).toBeGreaterThan(10)
    for (const [, { handler, package: packaged }] of functions()) {
      const folder = dirname(handler)
      expect(handler).toBe(`${folder}/index.handler`)
      expect(existsSync(`functions/${basename(folder)}.ts`)).toBe(true)
      expect(packaged.patterns.slice(0, 2)).toEqual(['!**', `${folder}/**`])
    }
  })

  it('packages the tenants and templates that a function is told to read', () => {
    for (const [, { environment, package: packaged }] of functions()) {
      const { TENANTS_FILE, TEMPLATES_FILE } = environment
      const files = [TENANTS_FILE, TEMPLATES_FILE].filter((file) => file !== undefined)
      expect(packaged.patterns).toEqual(expect.arrayContaining(files))
    }
  })

  it('lets each function use what its environment names', () => {
    for (const [key, { environment, role }] of functions()) {
      const granted = named(statementsOf(role))
      // SES checks the configuration set by its own ARN.
      const used = named(environment).filter((id) => id !== 'MailConfigurationSet')
      expect({
        key,
        missing: used.filter((id) => !granted.includes(id) && id !== 'OwnPageUrl'),
      }).toEqual({ key, missing: [] })
    }
  })

  it('grants nothing that is empty: each statement names what may be done, and where', () => {
    const roles = ofType('AWS::IAM::Role')
    expect(roles.length).toBeGreaterThan(10)
    for (const [role] of roles) {
      for (const { Action, Resource, NotResource } of statementsOf(role)) {
        expect({ role, actions: [Action].flat(), on: [Resource ?? NotResource].flat() }).toEqual({
          role,
          actions: expect.arrayContaining([expect.stringMatching(/^[a-z0-9]+:[A-Za-z]+\*?$/)]),
          on: expect.arrayContaining([expect.anything()]),
        })
      }
    }
  })

  it('gives each queue its policy', () => {
    const governed = ofType('AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) => {
      const queues = named(Properties.Queues)
      expect(queues).toHaveLength(1)
      expect(named(Properties.PolicyDocument)).toEqual(expect.arrayContaining(queues))
      return queues
    })
    const written = ofType('AWS::Events::Rule').flatMap(([, { Properties }]) =>
      Properties.Targets.flatMap(({ Arn }: Json) => named(Arn)),
    )
    const queues = ofType('AWS::SQS::Queue').map(([id]) => id)
    expect(governed).toEqual(expect.arrayContaining(queues.filter((id) => written.includes(id))))
  })

  it('tells the sender of SMS how long one may be, and from whom it is', () => {
    const over = { smsMaxParts: 3, smsSenderId: 'ECOS' }
    const { SendSms } = cellOf(tenants, over).definitions
    expect(SendSms.environment).toMatchObject({ SMS_MAX_PARTS: '3', SMS_SENDER_ID: 'ECOS' })
  })

  it('has variables that are texts or names, as Lambda wants them', () => {
    for (const [, { environment }] of functions()) {
      expect(Object.keys(environment).length).toBeGreaterThan(0)
      for (const value of Object.values<Json>(environment)) {
        expect(typeof value === 'string' || named(value).length === 1).toBe(true)
      }
    }
  })

  it('lets a rule start its targets, and nothing else', () => {
    const targets = ofType('AWS::Events::Rule').flatMap(([rule, { Properties }]) =>
      Properties.Targets.flatMap(({ Arn }: Json) =>
        named(Arn).flatMap((id) => (id.endsWith('LambdaFunction') ? `${rule} ${id}` : [])),
      ),
    )
    const permitted = ofType('AWS::Lambda::Permission').flatMap(([, { Properties }]) => {
      const { Action, Principal, SourceArn, FunctionName } = Properties
      if (Principal !== 'events.amazonaws.com') return []
      expect(Action).toBe('lambda:InvokeFunction')
      return `${named(SourceArn)} ${named(FunctionName)}`
    })
    expect(targets.length).toBeGreaterThan(0)
    expect([...new Set(permitted)].toSorted()).toEqual([...new Set(targets)].toSorted())
  })

  it('drains each minute, and tries no start again after it', () => {
    const { ScheduleExpression, Targets } = cell.resources['BridgeDrainSchedule']?.Properties ?? {}
    expect(ScheduleExpression).toBe('rate(1 minute)')
    for (const { RetryPolicy } of Targets) {
      expect(RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 })
    }
    for (const key of ['BridgeDrain', 'DueNotifications']) {
      const { maximumRetryAttempts, maximumEventAge, timeout } = cell.definitions[key]
      expect({ maximumRetryAttempts, maximumEventAge }).toEqual({
        ...{ maximumRetryAttempts: 0, maximumEventAge: 60 },
      })
      expect(timeout).toBeLessThan(60)
    }
  })

  it('hears of bounces where SES tells of them: on the default bus, of its own mails', () => {
    const { EventDestination } = cell.resources['MailEvents']?.Properties ?? {}
    expect(JSON.stringify(EventDestination.EventBridgeDestination)).toContain('event-bus/default')
    // Source: SES developer guide, monitoring with EventBridge.
    expect(cell.resources['MailFeedbackRule']?.Properties.EventPattern).toMatchObject({
      source: ['aws.ses'],
      'detail-type': ['Email Bounced', 'Email Complaint Received'],
    })
  })

  it('forgets what it has settled of Amazon MQ, encrypted until then', () => {
    const { Properties } = cell.resources['BridgeSettledTable'] ?? { Properties: {} }
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [{ AttributeName: 'message', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'message', AttributeType: 'S' }],
    })
  })
})
