import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import {
  type PolicyDocument,
  type TenantPolicyOptions,
  tenantPolicies,
} from '../../../lib/tenants/tenant-policies.ts'

const asked: TenantPolicyOptions = {
  tenant: 'acme',
  cell: 'main',
  region: 'eu-central-1',
  account: '123456789012',
  rules: ['acme-statistics', 'acme-report'],
  payloadBucket: 'payloads',
  tenantAccount: '210987654321',
}
/** Ids of which one begins another, that hold IAM's wildcards and variables, and of other alphabets. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM.
const nasty = ['a', 'a-2', 'a.b', '*', 'a*', '?', '${aws:username}', 'Ёлка', 'a b', '../a', 'a/']

const policiesOf = (tenant: string) => Object.values(tenantPolicies({ ...asked, tenant }))
const statements = (document: PolicyDocument) => document.Statement

describe('the permissions of a tenant', () => {
  it('let it write rules for its own source only, by their full names', () => {
    for (const document of [tenantPolicies(asked).deployer, tenantPolicies(asked).bus]) {
      const writing = document?.Statement.filter(({ Action }) => Action.includes('events:PutRule'))
      expect(writing).toHaveLength(1)
      expect(writing?.[0]).toMatchObject({
        Resource: [
          'arn:aws:events:eu-central-1:123456789012:rule/ecos-main/acme-statistics',
          'arn:aws:events:eu-central-1:123456789012:rule/ecos-main/acme-report',
        ],
        // Without `Null` a pattern that names no source would be allowed, and match everybody's events.
        Condition: {
          'ForAllValues:StringEquals': { 'events:source': 'ecos.acme' },
          Null: { 'events:source': 'false' },
        },
      })
    }
  })

  it('let its functions receive from its own queues and load its own data, and do nothing else', () => {
    const statements = tenantPolicies(asked).function.Statement
    const allowed = statements.map(({ Effect, Action, Resource }) => [Effect, Action, Resource])
    expect(allowed).toEqual([
      [
        'Allow',
        // What Lambda's event source mapping for SQS needs, and longer visibility (Lambda developer guide).
        [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ChangeMessageVisibility',
        ],
        [
          'arn:aws:sqs:eu-central-1:123456789012:acme-statistics',
          'arn:aws:sqs:eu-central-1:123456789012:acme-report',
        ],
      ],
      ['Allow', ['s3:GetObject'], 'arn:aws:s3:::payloads/events/acme/*'],
    ])
  })

  it('let its deployer change its own rules only, and create none for another source', () => {
    const [write, change, ...others] = tenantPolicies(asked).deployer.Statement
    expect(write?.Action).toEqual(['events:PutRule'])
    expect(change?.Action).toEqual([
      'events:DeleteRule',
      'events:DescribeRule',
      'events:DisableRule',
      'events:EnableRule',
      'events:PutTargets',
      'events:RemoveTargets',
    ])
    expect(change?.Resource).toEqual(write?.Resource)
    expect(others).toEqual([])
  })

  it('are none on the bus where the tenant has no account of its own', () => {
    const { tenantAccount: _, ...own } = asked
    expect(tenantPolicies(own)).not.toHaveProperty('bus')
  })

  it('let another account change the rules that it created, and no others', () => {
    const { bus } = tenantPolicies(asked)
    expect(bus?.Statement).toHaveLength(2)
    for (const { Principal, Condition } of bus?.Statement ?? []) {
      expect(Principal).toEqual({ AWS: 'arn:aws:iam::210987654321:root' })
      expect(Condition?.['StringEqualsIfExists']).toEqual({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM.
        'events:creatorAccount': '${aws:PrincipalAccount}',
      })
    }
  })

  it('have no wildcard but for the objects in its own folder', () => {
    for (const tenant of nasty) {
      const all = policiesOf(tenant).flatMap(statements)
      const resources = all.flatMap(({ Resource }) => Resource)
      const open = resources.filter((resource) => /[*?$]/.test(resource))
      expect(open).toHaveLength(1)
      expect(open[0]).toMatch(/^arn:aws:s3:::payloads\/events\/[A-Za-z0-9._-]+\/\*$/)
      const sources = all.flatMap(({ Condition }) =>
        Object.values(Condition?.['ForAllValues:StringEquals'] ?? {}),
      )
      for (const source of sources) expect(source).toMatch(/^ecos\.[A-Za-z0-9._-]+$/)
    }
  })

  it('of two tenants have no source and no folder in common, nor one within the other', () => {
    const reach = (tenant: string) =>
      JSON.stringify(policiesOf(tenant)).match(/ecos\.[^"]+|events\/[^"]+\//g) ?? []
    for (const one of nasty) {
      for (const other of nasty.filter((id) => id !== one)) {
        for (const own of reach(one)) {
          expect(reach(other)).not.toContain(own)
          const folders = reach(other).filter((name) => name.startsWith('events/'))
          expect(folders.some((folder) => folder.startsWith(own) && own.endsWith('/'))).toBe(false)
        }
      }
    }
  })

  it.each([
    ['eu-central-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('name resources of the region %s in the partition %s', (region, partition) => {
    const policies = tenantPolicies({ ...asked, region, tenantAccount: '210987654321' })
    const partitions = [...JSON.stringify(policies).matchAll(/"arn:([^:]+):/g)].map(
      ([, name]) => name,
    )
    expect(new Set(partitions)).toEqual(new Set([partition]))
  })

  it.each([
    ['task.create.acme', 'begins with an event type and a dot'],
    ['ecos-main-task-create', 'may be the name of a queue of a cell'],
    ['ecos-north-quarantine', 'may be the name of a queue of a cell'],
    ['acme-*', 'is not the full name of a rule'],
    ['', 'is not the full name of a rule'],
    ['x'.repeat(65), 'is not the full name of a rule'],
    ['acme report', 'is not the full name of a rule'],
    ['rule/acme', 'is not the full name of a rule'],
  ])('are refused for a rule called %j', (rule, problem) => {
    expect(() => tenantPolicies({ ...asked, rules: [rule] })).toThrow(
      expect.objectContaining({ code: 'bad-rule-name', message: expect.stringContaining(problem) }),
    )
  })

  it('are given for a rule with a name as long as AWS takes', () => {
    expect(() => tenantPolicies({ ...asked, rules: ['x'.repeat(64), 'a'] })).not.toThrow()
  })
})

/** The path of parliament, which `npm test` installs. */
const parliament = process.env['PARLIAMENT']
const itWithParliament = parliament === undefined ? it.skip : it

itWithParliament('parliament finds no fault in the permissions of a tenant', () => {
  for (const tenant of ['acme', '*']) {
    const { bus: _, ...identity } = tenantPolicies({ ...asked, tenant })
    for (const document of Object.values(identity)) {
      const { status, stdout } = spawnSync(parliament ?? '', ['--json'], {
        input: JSON.stringify(document),
        encoding: 'utf8',
      })
      expect([status, stdout]).toEqual([0, ''])
    }
  }
})

itWithParliament('parliament does find a fault where there is one', () => {
  const { status } = spawnSync(parliament ?? '', ['--json'], {
    input: JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'events:PutRules', Resource: '*' },
    }),
    encoding: 'utf8',
  })
  expect(status).not.toBe(0)
})
