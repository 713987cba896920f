import { describe, expect, it } from '@jest/globals'
import { amazonMqResources, planCell } from '../../../lib/tenants/plan.ts'
import { amazonMqPart } from '../../../lib/tenants/template/amazon-mq.ts'
import type { Resource } from '../../../lib/tenants/template/cloudformation.ts'
import type { Settings } from '../../../lib/tenants/template/settings.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const broker = {
  name: 'cloud',
  amazonMq: 'arn:aws:mq:eu-central-1:123456789012:broker:ecos:b-1',
  secret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:mq-AbCdEf',
  virtualHost: 'ecos',
}
const settings = { tenantsFile: 'tenants.yml', maxPutEventsPerSecond: 400 } as Settings

function partOf(...tenants: readonly Partial<Tenant>[]) {
  const all = tenants.map((overrides, index): Tenant => {
    return { id: `t${index}`, events: ['task.create'], locale: 'ru', cell: 'main', ...overrides }
  })
  return amazonMqPart(planCell(all, 'main'), settings, ['SomeRule'])
}

function ofType(resources: Readonly<Record<string, Resource>>, type: string) {
  return Object.values(resources).filter(({ Type }) => Type === type)
}

describe('the part for Amazon MQ', () => {
  it('is empty for a cell without such tenants', () => {
    const elsewhere = { cell: 'other', broker }
    expect(partOf({}, elsewhere)).toEqual({ functions: {}, resources: {} })
  })

  it('has a source for the queue of each tenant at such a broker only', () => {
    const { resources } = partOf({ id: 'a-b', broker }, { id: 'a.b', broker }, {})
    const sources = ofType(resources, 'AWS::Lambda::EventSourceMapping')
    expect(sources.map(({ Properties }) => Properties['Queues'])).toEqual([
      ['tenant.a-b.eventbridge'],
      ['tenant.a.b.eventbridge'],
    ])
    expect(sources[0]?.Properties).toMatchObject({
      FunctionName: { 'Fn::GetAtt': ['BridgeAmazonMqLambdaFunction', 'Arn'] },
      EventSourceArn: broker.amazonMq,
      SourceAccessConfigurations: [
        { Type: 'BASIC_AUTH', URI: broker.secret },
        { Type: 'VIRTUAL_HOST', URI: 'ecos' },
      ],
    })
  })

  it('is deployed after the rules and policies', () => {
    expect(partOf({ broker }).functions['BridgeAmazonMq']?.dependsOn).toEqual(['SomeRule'])
  })

  it('has as many resources as the plan counts', () => {
    const { functions, resources } = partOf({ broker }, { broker })
    // The Serverless Framework adds a log group to each function.
    const count = Object.keys(resources).length + 2 * Object.keys(functions).length
    expect(count).toBe(amazonMqResources + 2)
  })

  it('lets the function read its brokers and their secrets, and put only the tenants’ events', () => {
    const { resources } = partOf({ broker }, { broker })
    const [role] = ofType(resources, 'AWS::IAM::Role')
    const policies = (role?.Properties['Policies'] ?? []) as {
      PolicyDocument: { Statement: unknown[] }
    }[]
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    const statement = (action: string) =>
      statements.find((one) => JSON.stringify(one).includes(`"${action}"`))
    expect(statement('mq:DescribeBroker')).toMatchObject({ Resource: [broker.amazonMq] })
    expect(statement('secretsmanager:GetSecretValue')).toMatchObject({ Resource: [broker.secret] })
    expect(statement('events:PutEvents')).toMatchObject({
      Resource: { 'Fn::GetAtt': ['Bus', 'Arn'] },
      Condition: { StringLike: { 'events:source': 'ecos.*' } },
    })
  })

  it('has the longest timeout that Lambda allows, to wait for an outage to end', () => {
    expect(partOf({ broker }).functions['BridgeAmazonMq']?.timeout).toBe(14 * 60)
  })
})
