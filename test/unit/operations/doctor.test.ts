import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import { examineCell } from '../../../lib/operations/doctor/cell.ts'
import { examineAccountQuotas } from '../../../lib/operations/doctor/quotas.ts'
import { compareRules, type DeployedRule } from '../../../lib/operations/doctor/rules.ts'
import { examineNode, examineRabbitMq } from '../../../lib/operations/doctor/versions.ts'
import { ruleName } from '../../../lib/tenants/partition-rules.ts'
import { planCell } from '../../../lib/tenants/plan.ts'

const plan = planCell(
  [
    { id: 'acme', events: ['task.create', 'task.delete'], locale: 'ru', cell: 'main' },
    { id: 'big', events: ['task.create'], locale: 'ru', cell: 'main', partition: 'own' },
  ],
  'main',
)

/** The planned rules as the bus lists them, with the fields of a pattern in another order. */
const deployed: readonly DeployedRule[] = plan.rules.map(({ pattern, ...planned }) => {
  const { source, ...rest } = pattern
  return { name: ruleName(planned), enabled: true, pattern: JSON.stringify({ ...rest, source }) }
})
const foreign = (name: string): DeployedRule => ({ name, enabled: true, pattern: '{}' })

/** The deployed rules, of which one is changed, or undefined to leave it out. */
function withOne(name: string, change: Partial<DeployedRule> | undefined): DeployedRule[] {
  return deployed.flatMap((rule) => {
    if (rule.name !== name) return [rule]
    return change ? [{ ...rule, ...change }] : []
  })
}

describe('the rules on the bus', () => {
  it('are well where each planned one is there, in whatever order its pattern is written', () => {
    // 11 types of 16 partitions and the default, and one of its own: 188; and the archive's.
    const text = '188 for 16 partitions, and 0 others; 111 left'
    expect(compareRules(plan, deployed)).toEqual([{ subject: 'rules', state: 'ok', text }])
  })

  it.each([
    ['one is missing', withOne('task.delete.p07', undefined), /^task\.delete\.p07 are planned and/],
    [
      'one is left over, as of a tenant that has no partition of its own any more',
      [...deployed, foreign('task.assign.own-1')],
      /^task\.assign\.own-1 are on the bus and not/,
    ],
    [
      'one is disabled',
      withOne('task.delete.default', { enabled: false }),
      /^task\.delete\.default are disabled/,
    ],
    [
      'one matches more',
      withOne('task.delete.p00', { pattern: '{"source":["ecos.acme"]}' }),
      /pattern/,
    ],
    ['one has no pattern', withOne('task.delete.p00', { pattern: 'none' }), /pattern/],
    [
      'there are too many with those of tenants’ functions',
      [...deployed, ...Array.from({ length: 112 }, (_, number) => foreign(`f-${number}`))],
      /^301 rules with those that are not ours, of 300 that a bus takes/,
    ],
  ])('are wrong where %s', (_, rules, text) => {
    expect(compareRules(plan, rules)).toEqual([
      { subject: 'rules', state: 'wrong', text: expect.stringMatching(text) },
    ])
  })

  it('are those that AWS counts: that of the archive, which it manages, is planned for', () => {
    const free = Array.from({ length: 111 }, (_, number) => foreign(`f-${number}`))
    const [finding] = compareRules(plan, [
      ...deployed,
      ...free,
      foreign('Events-Archive-ecos-main'),
    ])
    expect(finding).toMatchObject({ state: 'ok', text: expect.stringContaining('others; 0 left') })
  })

  it('may be beside a tenant’s own, and beside those of a replay', () => {
    const beside = ['acme-own-notifications', 'task.create.again-20261125T120000Z-0a1b']
    const [finding] = compareRules(plan, [...deployed, ...beside.map(foreign)])
    expect(finding).toMatchObject({ state: 'ok', text: expect.stringContaining('2 others; 109') })
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
    [10, 'wrong', 'needs 36 with the lowest maximumConcurrency'],
    [50, 'ok', 'a maximumConcurrency of up to 2 fits'],
    [100, 'ok', 'a maximumConcurrency of up to 4 fits'],
    [1000, 'ok', 'a maximumConcurrency of up to 44 fits'],
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
