import { type ChannelName, channelNames } from '../../channels/channel.ts'
import { cellPrefix, pascal, senderName } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { arnOf, type Part, ref, type Value } from './cloudformation.ts'
import { keptNotifications, resultsOnBus } from './notifications.ts'
import { providers } from './provider.ts'
import { queueWithDlq } from './queue.ts'
import {
  allow,
  idempotencyActions,
  queueFunction,
  queueFunctionRole,
  queueFunctionTimeout,
} from './queue-function.ts'
import type { Settings } from './settings.ts'

export function channelQueue(channel: ChannelName): string {
  return `${pascal(channel)}Queue`
}

/** `EMAIL_QUEUE_URL` and so on: where each channel's notifications are queued. */
export function queueVariables(): { readonly [name: string]: Value } {
  const variables = channelNames.map((name) => [
    `${name.toUpperCase()}_QUEUE_URL`,
    ref(channelQueue(name)),
  ])
  return Object.fromEntries(variables)
}

/** One channel of a cell: its queue, its dead-letter queue and its sender. */
export function channelPart(channel: ChannelName, plan: CellPlan, settings: Settings): Part {
  const prefix = cellPrefix(plan.cell)
  const file = senderName(channel)
  const key = pascal(file)
  const queue = channelQueue(channel)
  const role = `${key}Role`
  const { retry, deliveriesPerSecond } = settings.channels[channel]
  const { environment, statements } = providers[channel](`${prefix}/${channel}`, settings)
  return {
    functions: {
      [key]: queueFunction({
        file,
        cellPrefix: prefix,
        role,
        queue,
        environment: {
          CELL: plan.cell,
          NOTIFICATIONS_TABLE: ref('NotificationsTable'),
          IDEMPOTENCY_TABLE: ref('IdempotencyTable'),
          SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable'),
          RATE_LIMITS_TABLE: ref('RateLimitsTable'),
          DELIVERIES_PER_SECOND: String(deliveriesPerSecond),
          EVENT_BUS_NAME: ref('Bus'),
          PAYLOAD_BUCKET: ref('PayloadBucket'),
          ...environment,
        },
        retry: { RETRY_POLICY: JSON.stringify(retry) },
        maximumConcurrency: settings.maximumConcurrency,
      }),
    },
    resources: {
      ...queueWithDlq({
        logicalId: queue,
        name: `${prefix}-${channel}`,
        functionTimeout: queueFunctionTimeout,
        maxReceiveCount: retry.tries,
      }),
      [role]: queueFunctionRole(`${prefix}-${file}`, queue, [
        allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], arnOf('NotificationsTable')),
        allow(idempotencyActions, arnOf('IdempotencyTable')),
        allow(['s3:PutObject'], keptNotifications),
        resultsOnBus,
        // An address that is gone is switched off.
        allow(
          ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          arnOf('SubscriptionsTable'),
        ),
        allow(['dynamodb:UpdateItem'], arnOf('RateLimitsTable')),
        // One that is over the limit goes back.
        allow(['sqs:SendMessage'], arnOf(queue)),
        ...statements,
      ]),
    },
  }
}
