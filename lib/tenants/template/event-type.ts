import { channelNames } from '../../channels/channel.ts'
import type { EventType } from '../../events/catalogue.ts'
import { cellPrefix, handlerName, kebab, pascal } from '../names.ts'
import {
  defaultPartition,
  type PlannedRule,
  ruleLogicalId,
  ruleName,
  rulesOfType,
} from '../partition-rules.ts'
import type { CellPlan } from '../plan.ts'
import { channelQueue, channelQueueVariables } from './channel.ts'
import {
  arnOf,
  type Part,
  type Resource,
  type Resources,
  ref,
  type Value,
} from './cloudformation.ts'
import { forgetReminders, notificationObjects, notificationsIndex } from './notifications.ts'
import { dlqOf, queuePolicyOf, queueWithDlq, rulesMayWrite } from './queue.ts'
import {
  allow,
  queueFunctionDefinition,
  queueFunctionRole,
  queueFunctionTimeout,
} from './queue-function.ts'
import type { Settings } from './settings.ts'
import { readTenants } from './tenants-table.ts'

/** The notification templates of the cell's tenants; build/templates.ts writes the file. */
export const templatesFile = 'dist/templates.json'

/** An event type of a cell: a rule for each partition, queue, dead-letter queue and handler. */
export function eventTypePart(type: EventType, plan: CellPlan, settings: Settings): Part {
  const prefix = cellPrefix(plan.cell)
  const file = handlerName(type)
  const key = pascal(file)
  const queue = `${pascal(type)}Queue`
  const role = `${key}Role`
  const ourRules = `${prefix}/${rulesOfType(type)}`
  const rules = plan.rules.filter((rule) => rule.type === type)
  return {
    functions: {
      [key]: queueFunctionDefinition({
        file,
        cellPrefix: prefix,
        role,
        queue,
        patterns: [settings.tenantsFile, templatesFile],
        environment: {
          CELL: plan.cell,
          // A crowd leaves at least half of the function's copies to others.
          CROWD_PARTS: String(Math.max(1, Math.floor(settings.maximumConcurrency / 2))),
          TENANTS_FILE: settings.tenantsFile,
          TENANTS_TABLE: ref('TenantsTable'),
          TEMPLATES_FILE: templatesFile,
          SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable'),
          NOTIFICATIONS_TABLE: ref('NotificationsTable'),
          PAYLOAD_BUCKET: ref('PayloadBucket'),
          ...channelQueueVariables(),
        },
        maxReceiveCount: settings.maxReceiveCount,
        retry: { TRIES: String(settings.handlerTries) },
        settings,
        maximumConcurrency: settings.maximumConcurrency,
      }),
    },
    resources: {
      ...ruleResources(rules, queue),
      ...queueWithDlq({
        logicalId: queue,
        name: `${prefix}-${kebab(type)}`,
        functionTimeout: queueFunctionTimeout,
        batchingWindow: settings.batchingWindowSeconds,
        maxReceiveCount: settings.maxReceiveCount,
      }),
      ...rulesMayWrite(queue, ourRules),
      ...rulesMayWrite(dlqOf(queue), ourRules),
      [role]: queueFunctionRole(`${prefix}-${file}`, queue, handlerStatements(queue)),
    },
  }
}

/** The default rule comes last: it lets go only of partitions whose rules are there. */
function ruleResources(rules: readonly PlannedRule[], queue: string): Resources {
  const known = rules.filter(({ partition }) => partition !== defaultPartition).map(ruleLogicalId)
  return Object.fromEntries(
    rules.map((planned) => {
      const isDefault = planned.partition === defaultPartition
      return [ruleLogicalId(planned), rule(planned, queue, isDefault ? known : [])]
    }),
  )
}

/** Routes a partition's events of the type; the message group makes the queue fair between partitions. */
function rule(planned: PlannedRule, queue: string, dependsOn: readonly string[]): Resource {
  const { type, partition, tenant, pattern } = planned
  const whose = tenant === undefined ? `the partition ${partition}` : `the tenant ${tenant}`
  return {
    Type: 'AWS::Events::Rule',
    DependsOn: [queuePolicyOf(queue), queuePolicyOf(dlqOf(queue)), ...dependsOn],
    Properties: {
      Name: ruleName(planned),
      Description: `Routes ${type} of ${whose} to its handler`,
      EventBusName: ref('Bus'),
      EventPattern: { ...pattern },
      Targets: [
        {
          Id: 'queue',
          Arn: arnOf(queue),
          SqsParameters: { MessageGroupId: partition },
          // Takes the events that EventBridge can't deliver to the queue.
          DeadLetterConfig: { Arn: arnOf(dlqOf(queue)) },
        },
      ],
    },
  }
}

function handlerStatements(queue: string): Value[] {
  return [
    readTenants,
    allow(['dynamodb:BatchGetItem'], arnOf('SubscriptionsTable')),
    allow(['dynamodb:Query'], { 'Fn::Join': ['', [arnOf('SubscriptionsTable'), '/index/byType']] }),
    allow(
      [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        // Those of several events (lib/aws/tables/together/together.ts).
        ...['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'],
        'dynamodb:UpdateItem',
        // BatchExecuteStatement with INSERT.
        'dynamodb:PartiQLInsert',
        // The parts of an event.
        'dynamodb:Query',
      ],
      arnOf('NotificationsTable'),
    ),
    allow(['dynamodb:Query'], notificationsIndex('bySubject')),
    allow(['s3:PutObject'], notificationObjects),
    forgetReminders,
    // Into its own queue it puts the parts of an event.
    allow(
      ['sqs:SendMessage'],
      [queue, ...channelNames.map(channelQueue)].map((name) => arnOf(name)),
    ),
    allow(['s3:GetObject'], { 'Fn::Join': ['', [arnOf('PayloadBucket'), '/events/*']] }),
  ]
}
