import { channelNames } from '../../channels/channel.ts'
import type { EventType } from '../../events/catalogue.ts'
import { cellPrefix, handlerName, kebab, pascal, ruleLogicalId, ruleName } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { channelQueue, queueVariables } from './channel.ts'
import {
  arnOf,
  type Part,
  type Resource,
  type Resources,
  ref,
  type Value,
} from './cloudformation.ts'
import { indexOf, keptNotifications } from './notifications.ts'
import { dlqOf, queueWithDlq, rulesMayWrite } from './queue.ts'
import {
  allow,
  idempotencyActions,
  queueFunction,
  queueFunctionRole,
  queueFunctionTimeout,
} from './queue-function.ts'
import type { Settings } from './settings.ts'

/** The templates of the cell's tenants, which build/templates.ts writes. */
export const templatesFile = 'dist/templates.json'

/** One event type of a cell: a rule for each tenant, the queue, its dead-letter queue, the handler. */
export function eventTypePart(type: EventType, plan: CellPlan, settings: Settings): Part {
  const prefix = cellPrefix(plan.cell)
  const file = handlerName(type)
  const key = pascal(file)
  const queue = `${pascal(type)}Queue`
  const role = `${key}Role`
  const tenants = plan.rules.filter((rule) => rule.type === type).map(({ tenant }) => tenant)
  const ruleIds = tenants.map((tenant) => ruleLogicalId(type, tenant))
  const rules = tenants.map((tenant) => [ruleLogicalId(type, tenant), rule(type, tenant, queue)])
  return {
    functions: {
      [key]: queueFunction({
        file,
        cellPrefix: prefix,
        role,
        queue,
        patterns: [settings.tenantsFile, templatesFile],
        environment: {
          CELL: plan.cell,
          TENANTS_FILE: settings.tenantsFile,
          TEMPLATES_FILE: templatesFile,
          SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable'),
          NOTIFICATIONS_TABLE: ref('NotificationsTable'),
          IDEMPOTENCY_TABLE: ref('IdempotencyTable'),
          PAYLOAD_BUCKET: ref('PayloadBucket'),
          ...queueVariables(),
        },
        retry: {
          MAX_RECEIVE_COUNT: String(settings.maxReceiveCount),
          RETRY_BASE_SECONDS: String(settings.retryBaseSeconds),
        },
        maximumConcurrency: settings.maximumConcurrency,
      }),
    },
    resources: {
      ...(Object.fromEntries(rules) as Resources),
      ...queueWithDlq({
        logicalId: queue,
        name: `${prefix}-${kebab(type)}`,
        functionTimeout: queueFunctionTimeout,
        maxReceiveCount: settings.maxReceiveCount,
      }),
      ...rulesMayWrite(queue, ruleIds),
      ...rulesMayWrite(dlqOf(queue), ruleIds),
      [role]: queueFunctionRole(`${prefix}-${file}`, queue, handlerStatements()),
    },
  }
}

/** The tenant's events of the type, in the queue's fair share of that tenant. */
function rule(type: EventType, tenant: string, queue: string): Resource {
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: ruleName(type, tenant),
      Description: `Events ${type} of the tenant ${tenant}, to the function that makes notifications`,
      EventBusName: ref('Bus'),
      EventPattern: { source: [`ecos.${tenant}`], 'detail-type': [type] },
      Targets: [
        {
          Id: 'queue',
          Arn: arnOf(queue),
          SqsParameters: { MessageGroupId: tenant },
          // What the rule itself can't deliver, such as when the queue refuses it.
          DeadLetterConfig: { Arn: arnOf(dlqOf(queue)) },
        },
      ],
    },
  }
}

function handlerStatements(): Value[] {
  return [
    allow(['dynamodb:BatchGetItem'], arnOf('SubscriptionsTable')),
    allow(['dynamodb:Query'], { 'Fn::Join': ['', [arnOf('SubscriptionsTable'), '/index/byType']] }),
    allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      arnOf('NotificationsTable'),
    ),
    allow(['dynamodb:Query'], indexOf('bySubject')),
    allow(['s3:PutObject'], keptNotifications),
    allow(idempotencyActions, arnOf('IdempotencyTable')),
    allow(
      ['sqs:SendMessage'],
      channelNames.map((name) => arnOf(channelQueue(name))),
    ),
    allow(['s3:GetObject'], { 'Fn::Join': ['', [arnOf('PayloadBucket'), '/events/*']] }),
  ]
}
