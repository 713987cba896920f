import { describe, expect, it } from '@jest/globals'
import {
  planRules,
  replayPattern,
  ruleLogicalId,
  typeOfRule,
} from '../../../lib/tenants/partition-rules.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const tenant = (id: string): Tenant => ({
  ...{ id, events: ['task.create'], locale: 'ru', cell: 'main', partition: 'own' },
})
const rules = planRules([tenant('acme'), { ...tenant('plain'), partition: 1 }], 2).filter(
  ({ type }) => type === 'task.create',
)
const arn = (partition: string) => `arn:ecos:eventbridge:::${partition}`
const ofEverybody = { source: [{ prefix: 'ecos.' }], 'detail-type': ['task.create'] }

/** What EventBridge makes of these patterns, Event Ruler tells: rule-semantics.test.ts. */
describe('the rules of a type', () => {
  it('take each partition’s events, the tenant’s own for itself alone, and the rest by default', () => {
    expect(rules.map(({ partition, tenant, pattern }) => [partition, tenant, pattern])).toEqual([
      ['p00', undefined, { ...ofEverybody, resources: [arn('p00')] }],
      ['p01', undefined, { ...ofEverybody, resources: [arn('p01')] }],
      ['own-acme', 'acme', { ...ofEverybody, source: ['ecos.acme'], resources: [arn('own-acme')] }],
      [
        'default',
        undefined,
        {
          ...ofEverybody,
          resources: [
            { exists: false },
            { 'anything-but': [arn('p00'), arn('p01'), arn('own-acme'), arn('off')] },
          ],
        },
      ],
    ])
  })

  it('have logical ids that stay what they are: CloudFormation would replace the rules', () => {
    expect(rules.map(ruleLogicalId)).toEqual([
      'RuleTaskCreateP00',
      'RuleTaskCreateP01',
      // printf '%s' own-acme | sha256sum | cut -c1-8
      'RuleTaskCreateOwnaec56960',
      'RuleTaskCreateDefault',
    ])
  })

  it('are told by their names, which no other rule on the bus may have', () => {
    expect(typeOfRule('task.create.p00')).toBe('task.create')
    for (const name of ['task.create', 'my.task.create.p00', 'task.created.p00', '']) {
      expect(typeOfRule(name)).toBeUndefined()
    }
  })
})

describe('the rule of a replay', () => {
  it('takes the replayed events of one tenant and one type, and no live ones', () => {
    expect(replayPattern('acme corp', 'task.create', 'again-1')).toEqual({
      source: ['ecos._acme_20corp'],
      'detail-type': ['task.create'],
      'replay-name': ['again-1'],
    })
  })
})
