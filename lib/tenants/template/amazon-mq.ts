import { amazonMqSourceLogicalId, bridgeQueue, cellPrefix } from '../names.ts'
import type { CellPlan, PlannedSource } from '../plan.ts'
import { arnOf, type Part, type Resource, ref, type Value } from './cloudformation.ts'
import { allow, functionRole } from './queue-function.ts'
import type { Settings } from './settings.ts'

const file = 'bridge-amazon-mq'
const functionKey = 'BridgeAmazonMq'
const table = 'BridgeSettledTable'

/**
 * Seconds; 14 minutes is the longest that Lambda grants (developer guide, with-mq). Each batch that
 * fails is one of the 20 deliveries that its queue allows, so that an outage is best waited out.
 */
const longestTimeout = 840

/**
 * The bridge's function for tenants at Amazon MQ brokers, with a source for each tenant's queue;
 * nothing where there is none. The sources are not written as the Serverless Framework's `rabbitmq`
 * events, which would give the queues of the tenants `a-b` and `a.b` the same logical id.
 */
export function amazonMqPart({ cell, sources }: CellPlan, settings: Settings): Part {
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
        timeout: longestTimeout,
        memorySize: 512,
        package: { patterns: ['!**', `dist/functions/${file}/**`, settings.tenantsFile] },
        environment: {
          CELL: cell,
          // As the drain's, in serverless.yml.
          NODE_OPTIONS: '--max-semi-space-size=16 --max-old-space-size=460',
          TENANTS_FILE: settings.tenantsFile,
          EVENT_BUS_NAME: ref('Bus'),
          MAX_PUT_EVENTS_PER_SECOND: String(settings.maxPutEventsPerSecond),
          QUARANTINE_QUEUE_URL: ref('QuarantineQueue'),
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

/** What was settled of batches that failed: of use for a day, and then deleted. */
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

/** Lambda runs one copy of the function for each source: the size of a batch is its only speed. */
function eventSource({ tenant, broker }: PlannedSource): Resource {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: arnOf(`${functionKey}LambdaFunction`),
      EventSourceArn: broker.amazonMq,
      Queues: [bridgeQueue(tenant)],
      BatchSize: 500,
      SourceAccessConfigurations: [
        { Type: 'BASIC_AUTH', URI: broker.secret },
        { Type: 'VIRTUAL_HOST', URI: broker.virtualHost },
      ],
    },
  }
}

function statements(sources: readonly PlannedSource[]): Value[] {
  const distinct = (arns: readonly string[]) => [...new Set(arns)]
  return [
    allow(['mq:DescribeBroker'], distinct(sources.map(({ broker }) => broker.amazonMq))),
    allow(['secretsmanager:GetSecretValue'], distinct(sources.map(({ broker }) => broker.secret))),
    // Lambda reaches a broker in a VPC by interfaces that it makes with this role; what they are is
    // known to it alone (Lambda developer guide, with-mq, execution role permissions).
    allow(
      [
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      '*',
    ),
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
