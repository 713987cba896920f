import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import {
  compareRules,
  type DeployedRule,
  examineCell,
} from '../../../lib/operations/doctor/cell.ts'
import { examineAccountQuotas } from '../../../lib/operations/doctor/quotas.ts'
import { examineNode, examineRabbitMq } from '../../../lib/operations/doctor/versions.ts'
import { planCell } from '../../../lib/tenants/plan.ts'

const plan = planCell(
  [{ id: 'acme', events: ['task.create', 'task.delete'], locale: 'ru', cell: 'main' }],
  'main',
)

function rule(type: string, over: Partial<DeployedRule> = {}): DeployedRule {
  const pattern = JSON.stringify({ 'detail-type': [type], source: ['ecos.acme'] })
  return { name: `${type}.acme`, enabled: true, pattern, ...over }
}
const both = [rule('task.create'), rule('task.delete')]

describe('the rules on the bus', () => {
  it('are well where each planned one is there, in whatever order its pattern is written', () => {
    expect(compareRules(plan, both)).toMatchObject([{ state: 'ok' }])
  })

  it.each([
    ['one is missing', [both[0]], /^task\.delete\.acme are in tenants\.yml and not on the bus/],
    [
      'one is left over',
      [...both, rule('task.assign')],
      /^task\.assign\.acme are on the bus and not/,
    ],
    [
      'one is disabled',
      [both[0], rule('task.delete', { enabled: false })],
      /task\.delete\.acme are dis/,
    ],
    [
      'one matches more',
      [both[0], rule('task.delete', { pattern: '{"source":["ecos.acme"]}' })],
      /pattern/,
    ],
    ['one has no pattern', [both[0], rule('task.delete', { pattern: 'none' })], /pattern/],
  ])('are wrong where %s', (_, rules, text) => {
    expect(compareRules(plan, rules as DeployedRule[])).toEqual([
      { subject: 'rules', state: 'wrong', text: expect.stringMatching(text) },
    ])
  })

  it('may be beside a tenant’s own', () => {
    const own = rule('task.create', { name: 'acme-own-notifications' })
    expect(compareRules(plan, [...both, own])).toMatchObject([{ state: 'ok' }])
  })
})

it('finds what is denied, and goes on', async () => {
  const denied = (action: string) => () =>
    Promise.reject(new EcosError('access-denied', `${action} is denied: allow it to this identity`))
  const findings = await examineCell(plan, {
    identity: async () => 'arn:aws:iam::123456789012:user/op',
    checkBus: denied('events:DescribeEventBus'),
    rules: denied('events:ListRules'),
    queues: async () => [],
    quotas: denied('servicequotas:ListServiceQuotas'),
    checkTable: async () => undefined,
  })
  expect(findings.map(({ subject, state }) => [subject, state])).toEqual([
    ['quotas', 'ok'],
    ['account quotas', 'skipped'],
    ['identity', 'ok'],
    ['bus', 'wrong'],
    ['rules', 'wrong'],
    ['queues', 'wrong'],
    ['subscriptions table', 'ok'],
  ])
  expect(findings[4]?.text).toBe(
    'events:ListRules is denied: allow it to this identity (access-denied)',
  )
})

describe('the account’s quotas', () => {
  it.each([
    [10, 'wrong', 'needs 34 with the lowest maximumConcurrency'],
    [50, 'ok', 'a maximumConcurrency of up to 2 fits'],
    [100, 'ok', 'a maximumConcurrency of up to 4 fits'],
    [1000, 'ok', 'a maximumConcurrency of up to 46 fits'],
  ])('of %p concurrent executions are %s', (concurrentExecutions, state, text) => {
    const [finding, putEvents] = examineAccountQuotas(plan, {
      concurrentExecutions,
      putEvents: 400,
    })
    expect(finding).toMatchObject({ state, text: expect.stringContaining(text) })
    expect(putEvents?.text).toContain('400 calls a second')
  })

  it('are not judged where Service Quotas does not list them', () => {
    const unknown = { concurrentExecutions: undefined, putEvents: undefined }
    const findings = examineAccountQuotas(plan, unknown)
    expect(findings.map(({ state }) => state)).toEqual(['skipped', 'skipped'])
  })
})

describe('a version', () => {
  it.each([
    ['v22.12.0', 'ok'],
    ['v24.0.1', 'ok'],
    ['v22.9.9', 'wrong'],
    ['v20.19.0', 'wrong'],
  ])('of Node.js %s is %s', (version, state) => {
    expect(examineNode(version, '>=22.12')).toMatchObject({ state })
  })

  it.each([
    ['4.0.2', 'ok'],
    ['3.10.8', 'ok'],
    ['3.9.13', 'wrong'],
  ])('of RabbitMQ %s is %s', (version, state) => {
    expect(examineRabbitMq(version)).toMatchObject({ state })
  })

  it('says of a version of RabbitMQ whether the tests run on it', () => {
    const texts = ['3.10.8', '4.0.5', '4.1.0'].map((version) => examineRabbitMq(version).text)
    expect(texts).toEqual([
      '3.10.8 (tested)',
      '4.0.5 (tested)',
      '4.1.0 (not tested; tested are 3.10 and 4.0)',
    ])
  })
})
