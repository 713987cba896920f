import { EcosError } from '../errors.ts'
import { eventFolder } from '../events/payload-store.ts'
import { sourceOf } from '../events/source.ts'
import { cellPrefix } from './names.ts'
import { typeOfRule } from './partition-rules.ts'

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal?: { readonly AWS: string }
  readonly Action: readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface TenantPolicyOptions {
  readonly tenant: string
  readonly cell: string
  readonly region: string
  /** The cell's account. */
  readonly account: string
  /** The rules that the tenant may write, by their full names; each feeds the queue of the same name. */
  readonly rules: readonly string[]
  /** The cell's bucket of payloads. */
  readonly payloadBucket: string
  /** The tenant's own account, if its rules are written from there. */
  readonly tenantAccount?: string
}

export interface TenantPolicies {
  /** For whoever deploys the tenant's functions in the cell's account. */
  readonly deployer: PolicyDocument
  /** For the role of the tenant's functions. */
  readonly function: PolicyDocument
  /** The statements of the bus's own policy for the tenant's account. */
  readonly bus?: PolicyDocument
}

/**
 * The permissions that hold a tenant to its own events: rules for its own source alone, its own queues, and its
 * own folder of payloads.
 *
 * @throws EcosError `bad-rule-name`: a rule whose name could write to the queues of the cell, or stands for several
 */
export function tenantPolicies(options: TenantPolicyOptions): TenantPolicies {
  const { tenant, rules, payloadBucket, tenantAccount } = options
  for (const rule of rules) refuseRuleName(rule)
  const queues = rules.map((rule) => arn('sqs', options, rule))
  return {
    deployer: document(ruleStatements(options)),
    function: document([
      {
        Sid: 'ReceiveOwnEvents',
        Effect: 'Allow',
        Action: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ChangeMessageVisibility',
        ],
        Resource: queues,
      },
      {
        Sid: 'LoadOwnLargeData',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: `arn:${awsOf(options)}:s3:::${payloadBucket}/${eventFolder(tenant)}*`,
      },
    ]),
    ...(tenantAccount !== undefined && { bus: document(busStatements(options, tenantAccount)) }),
  }
}

/**
 * A rule's pattern has to name the tenant's source and no other. `ForAllValues` alone would be true of a pattern
 * without a source, which matches the events of everybody; `Null` refuses that.
 */
function ownSource(tenant: string) {
  return {
    'ForAllValues:StringEquals': { 'events:source': sourceOf(tenant) },
    Null: { 'events:source': 'false' },
  }
}

const changeRule = [
  'events:DeleteRule',
  'events:DescribeRule',
  'events:DisableRule',
  'events:EnableRule',
  'events:PutTargets',
  'events:RemoveTargets',
]

function ruleStatements(options: TenantPolicyOptions): Statement[] {
  const Resource = options.rules.map((rule) => ruleArn(options, rule))
  return [
    {
      Sid: 'WriteRulesForOwnSource',
      Effect: 'Allow',
      Action: ['events:PutRule'],
      Resource,
      Condition: ownSource(options.tenant),
    },
    { Sid: 'ChangeOwnRules', Effect: 'Allow', Action: changeRule, Resource },
  ]
}

/** The account that created a rule is the only one of the tenants' accounts that may change it. */
function busStatements(options: TenantPolicyOptions, tenantAccount: string): Statement[] {
  const principal = { AWS: `arn:${awsOf(options)}:iam::${tenantAccount}:root` }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM.
  const creator = { 'events:creatorAccount': '${aws:PrincipalAccount}' }
  return ruleStatements(options).map(({ Condition, ...statement }) => ({
    ...statement,
    Principal: principal,
    // A rule that does not exist yet has no creator.
    Condition: { ...Condition, StringEqualsIfExists: creator },
  }))
}

function refuseRuleName(name: string): void {
  const problem =
    typeOfRule(name) !== undefined
      ? 'begins with an event type and a dot: such rules may write to the queues of the cell'
      : name.startsWith(cellPrefix(''))
        ? `begins with "${cellPrefix('')}": it may be the name of a queue of a cell, with the events of all tenants`
        : /^[.\-_A-Za-z0-9]{1,64}$/.test(name)
          ? undefined
          : 'is not the full name of a rule: up to 64 letters, digits, ".", "_" and "-"'
  if (problem !== undefined) throw new EcosError('bad-rule-name', `The rule "${name}" ${problem}`)
}

function document(Statement: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement }
}

function ruleArn(options: TenantPolicyOptions, rule: string): string {
  return arn('events', options, `rule/${cellPrefix(options.cell)}/${rule}`)
}

function arn(service: string, options: TenantPolicyOptions, resource: string): string {
  return `arn:${awsOf(options)}:${service}:${options.region}:${options.account}:${resource}`
}

/** The partition of AWS in which the region is: AWS in China and GovCloud are apart from the others. */
function awsOf({ region }: TenantPolicyOptions): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
