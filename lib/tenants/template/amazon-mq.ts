import { amazonMqSourceLogicalId, bridgeQueue, cellPrefix } from '../names.ts'
import type { CellPlan, PlannedSource } from '../plan.ts'
import { bridgeNodeOptions } from './bridge-drain.ts'
import { arnOf, type Part, type Resource, ref, type Value } from './cloudformation.ts'
import { allow, functionRole } from './queue-function.ts'
import type { Settings } from './settings.ts'
import { readTenants } from './tenants-table.ts'
import { networkInterfaces } from './vpc.ts'

const file = 'bridge-amazon-mq'
const functionKey = 'BridgeAmazonMq'
const table = 'BridgeSettledTable'

/**
 * Seconds: Lambda's limit for Amazon MQ sources (developer guide, with-mq). Each failed batch uses one of
 * the 20 deliveries that the queue allows, so the function waits for an outage to end as long as it can.
 */
const maxTimeout = 840

/**
 * The bridge's function for tenants at Amazon MQ brokers, with an event source mapping for each tenant's
 * queue; empty without such tenants. The Serverless Framework's `rabbitmq` events are not used: they would
 * give the queues of the tenants `a-b` and `a.b` the same logical id.
 */
export function amazonMqPart(
  { cell, partitions, sources }: CellPlan,
  settings: Settings,
  dependsOn: readonly string[],
): Part {
  if (sources.length === 0) return { functions: {}, resources: {} }
  const name = `${cellPrefix(cell)}-${file}`
  const role = `${functionKey}Role`
  const sourceOf = (source: PlannedSource) => [
    amazonMqSourceLogicalId(source.tenant),
    eventSource(source),
  ]
  return {
    functions: {
      [functionKey]: {
        name,
        handler: `dist/functions/${file}/index.handler`,
        role,
        dependsOn,
        timeout: maxTimeout,
        memorySize: 512,
        package: { patterns: ['!**', `dist/functions/${file}/**`, settings.tenantsFile] },
        environment: {
          CELL: cell,
          NODE_OPTIONS: bridgeNodeOptions,
          TENANTS_FILE: settings.tenantsFile,
          TENANTS_TABLE: ref('TenantsTable'),
          EVENT_BUS_NAME: ref('Bus'),
          MAX_PUT_EVENTS_PER_SECOND: String(settings.maxPutEventsPerSecond),
          QUARANTINE_QUEUE_URL: ref('QuarantineQueue'),
          PARTITIONS: String(partitions),
          PAYLOAD_BUCKET: ref('PayloadBucket'),
          SETTLED_TABLE: ref(table),
        },
        events: [],
      },
    },
    resources: {
      [table]: settledTable,
      [role]: functionRole(name, statements(sources)),
      ...Object.fromEntries(sources.map(sourceOf)),
    },
  }
}

/** The settled messages of failed batches, kept for a day. */
const settledTable: Resource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: true },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    AttributeDefinitions: [{ AttributeName: 'message', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'message', KeyType: 'HASH' }],
  },
}

/**
 * Messages that Lambda hands over at once, at most; Lambda accepts up to 10,000, and 6 MB. It runs one copy of the
 * function per source, and the next batch waits until the last call of this one is answered: a large batch has few
 * such waits. One that fails costs as many writes to the table of settled messages.
 */
export const batchSize = 2_000

function eventSource({ tenant, broker }: PlannedSource): Resource {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: arnOf(`${functionKey}LambdaFunction`),
      EventSourceArn: broker.amazonMq,
      Queues: [bridgeQueue(tenant)],
      BatchSize: batchSize,
      SourceAccessConfigurations: [
        { Type: 'BASIC_AUTH', URI: broker.secret },
        { Type: 'VIRTUAL_HOST', URI: broker.virtualHost },
      ],
    },
  }
}

function statements(sources: readonly PlannedSource[]): Value[] {
  const unique = (arns: readonly string[]) => [...new Set(arns)]
  return [
    allow(['mq:DescribeBroker'], unique(sources.map(({ broker }) => broker.amazonMq))),
    allow(['secretsmanager:GetSecretValue'], unique(sources.map(({ broker }) => broker.secret))),
    networkInterfaces,
    readTenants,
    {
      Effect: 'Allow',
      Action: ['events:PutEvents'],
      Resource: arnOf('Bus'),
      Condition: { StringLike: { 'events:source': 'ecos.*' } },
    },
    allow(['sqs:SendMessage'], arnOf('QuarantineQueue')),
    allow(['s3:PutObject'], { 'Fn::Join': ['', [arnOf('PayloadBucket'), '/*']] }),
    allow(['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'], arnOf(table)),
  ]
}
