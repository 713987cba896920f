import { cellPrefix } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { placeInPools } from '../pools.ts'
import { arnOf, type Part, ref, type Value } from './cloudformation.ts'
import { drainSchedule, scheduled } from './drain-schedule.ts'
import { templatesFile } from './event-type.ts'
import { allow, functionRole } from './queue-function.ts'
import { readSecrets, secretNames } from './secrets.ts'
import type { Settings } from './settings.ts'
import { readTenants } from './tenants-table.ts'
import { drainVpc, networkInterfaces } from './vpc.ts'

const file = 'bridge-drain'
const role = 'BridgeDrainRole'

/**
 * The scheduled function that drains the queues of the cell's tenants into the bus.
 *
 * @param dependsOn rules, queue policies and handlers: a drain of this deployment may send a new tenant's
 *   events only when those are in place, because EventBridge drops an event that it may not deliver
 */
export function bridgeDrainPart(
  { cell, partitions, tenants }: CellPlan,
  settings: Settings,
  dependsOn: readonly string[],
): Part {
  // Refuses before a deployment what the drain would refuse.
  placeInPools(tenants, { QUEUES: settings.queues, PARTITIONS: partitions })
  const prefix = cellPrefix(cell)
  const name = `${prefix}-${file}`
  const secretId = `${prefix}/amqp-url`
  const vpc = drainVpc(settings)
  return {
    functions: {
      BridgeDrain: {
        name,
        description: "Drains the RabbitMQ queues of the cell's tenants into its bus",
        handler: `dist/functions/${file}/index.handler`,
        role,
        dependsOn,
        // Below the schedule's minute.
        timeout: 58,
        memorySize: 512,
        ...(settings.reserveConcurrency && { reservedConcurrency: settings.concurrentDrains }),
        ...scheduled,
        ...(vpc && { vpc }),
        package: {
          patterns: ['!**', `dist/functions/${file}/**`, settings.tenantsFile, templatesFile],
        },
        environment: {
          CELL: cell,
          NODE_OPTIONS: bridgeNodeOptions,
          TENANTS_FILE: settings.tenantsFile,
          TENANTS_TABLE: ref('TenantsTable'),
          AMQP_SECRET_ID: secretId,
          EVENT_BUS_NAME: ref('Bus'),
          CONCURRENT_DRAINS: String(settings.concurrentDrains),
          MAX_PUT_EVENTS_PER_SECOND: String(settings.maxPutEventsPerSecond),
          QUARANTINE_QUEUE_URL: ref('QuarantineQueue'),
          PARTITIONS: String(partitions),
          QUEUES: settings.queues,
          PAYLOAD_BUCKET: ref('PayloadBucket'),
          ZOOKEEPER_SERVERS: settings.zooKeeperServers,
          // The inputs of the requests to record event sources (docs/record-events.md).
          SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable'),
          RECORD_LISTENERS_TABLE: ref('RecordListenersTable'),
          TEMPLATES_FILE: templatesFile,
        },
        events: [],
      },
    },
    resources: {
      ...drainSchedule(settings),
      [role]: functionRole(name, [...statements(secretId), ...(vpc ? [networkInterfaces] : [])]),
    },
  }
}

/**
 * The Node options of the bridge's functions. The first keeps the memory low (docs/performance.md). Lambda sets its
 * own options only where NODE_OPTIONS is absent, so the second repeats its default: nine tenths of the memory. What
 * NODE_OPTIONS does not take, lib/bridge/heap.ts sets.
 */
export const bridgeNodeOptions = '--max-semi-space-size=24 --max-old-space-size=460'

function statements(secretId: string): Value[] {
  return [
    readSecrets(...secretNames(secretId)),
    readTenants,
    allow(['events:DescribeEventBus'], arnOf('Bus')),
    {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: arnOf('Bus'),
      // The tenants' events, and the probe that checks whether the bus accepts events.
      Condition: { StringLike: { 'events:source': ['ecos.*', 'ecos-eventbridge'] } },
    },
    allow(['sqs:SendMessage'], arnOf('QuarantineQueue')),
    allow(['s3:PutObject'], { 'Fn::Join': ['', [arnOf('PayloadBucket'), '/*']] }),
    allow(
      ['dynamodb:Query'],
      [
        arnOf('SubscriptionsTable'),
        { 'Fn::Join': ['', [arnOf('SubscriptionsTable'), '/index/byType']] },
        arnOf('RecordListenersTable'),
      ],
    ),
  ]
}
