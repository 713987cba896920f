import { channelNames } from '../../channels/channel.ts'
import type { EventType } from '../../events/catalogue.ts'
import {
  cellPrefix,
  handlerName,
  kebab,
  pascal,
  ruleLogicalId,
  ruleName,
  rulesOfType,
} from '../names.ts'
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
import { notificationObjects, notificationsIndex } from './notifications.ts'
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

/** An event type of a cell: a rule for each tenant, queue, dead-letter queue and handler. */
export function eventTypePart(type: EventType, plan: CellPlan, settings: Settings): Part {
  const prefix = cellPrefix(plan.cell)
  const file = handlerName(type)
  const key = pascal(file)
  const queue = `${pascal(type)}Queue`
  const role = `${key}Role`
  const ourRules = `${prefix}/${rulesOfType(type)}`
  const tenants = plan.rules.filter((rule) => rule.type === type).map(({ tenant }) => tenant)
  const rules = tenants.map((tenant) => [ruleLogicalId(type, tenant), rule(type, tenant, queue)])
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
      ...(Object.fromEntries(rules) as Resources),
      ...queueWithDlq({
        logicalId: queue,
        name: `${prefix}-${kebab(type)}`,
        functionTimeout: queueFunctionTimeout,
        batchingWindow: settings.batchingWindowSeconds,
        maxReceiveCount: settings.maxReceiveCount,
      }),
      ...rulesMayWrite(queue, ourRules),
      ...rulesMayWrite(dlqOf(queue), ourRules),
      [role]: queueFunctionRole(`${prefix}-${file}`, queue, handlerStatements()),
    },
  }
}

/** Routes the tenant's events of the type; the message group makes the queue fair between tenants. */
function rule(type: EventType, tenant: string, queue: string): Resource {
  return {
    Type: 'AWS::Events::Rule',
    DependsOn: [queuePolicyOf(queue), queuePolicyOf(dlqOf(queue))],
    Properties: {
      Name: ruleName(type, tenant),
      Description: `Routes ${type} of the tenant ${tenant} to its handler`,
      EventBusName: ref('Bus'),
      EventPattern: { source: [`ecos.${tenant}`], 'detail-type': [type] },
      Targets: [
        {
          Id: 'queue',
          Arn: arnOf(queue),
          SqsParameters: { MessageGroupId: tenant },
          // Takes the events that EventBridge can't deliver to the queue.
          DeadLetterConfig: { Arn: arnOf(dlqOf(queue)) },
        },
      ],
    },
  }
}

function handlerStatements(): Value[] {
  return [
    readTenants,
    allow(['dynamodb:BatchGetItem'], arnOf('SubscriptionsTable')),
    allow(['dynamodb:Query'], { 'Fn::Join': ['', [arnOf('SubscriptionsTable'), '/index/byType']] }),
    allow(
      [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        // BatchExecuteStatement with INSERT.
        'dynamodb:PartiQLInsert',
      ],
      arnOf('NotificationsTable'),
    ),
    allow(['dynamodb:Query'], notificationsIndex('bySubject')),
    allow(['s3:PutObject'], notificationObjects),
    allow(
      ['sqs:SendMessage'],
      channelNames.map((name) => arnOf(channelQueue(name))),
    ),
    allow(['s3:GetObject'], { 'Fn::Join': ['', [arnOf('PayloadBucket'), '/events/*']] }),
  ]
}
