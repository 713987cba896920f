import { type ChannelName, channelNames } from '../../channels/channel.ts'
import type { RetryPolicy } from '../../channels/retry-policy.ts'
import { cellPrefix, pascal, senderName } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { arnOf, type Part, ref, type Value } from './cloudformation.ts'
import {
  announceResults,
  forgetReminders,
  keepSentMessages,
  notificationObjects,
} from './notifications.ts'
import { providers } from './provider.ts'
import { queueWithDlq } from './queue.ts'
import {
  allow,
  queueFunctionDefinition,
  queueFunctionRole,
  queueFunctionTimeout,
} from './queue-function.ts'
import type { Settings } from './settings.ts'

/**
 * Seconds for a batch, whose notifications are sent concurrently. A mail server may take minutes to accept
 * a mail (lib/channels/smtp-phases.ts).
 */
function senderTimeout(channel: ChannelName): number {
  return channel === 'email' ? 120 : queueFunctionTimeout
}

/**
 * SES replaces a mail's Message-ID by its own (SES developer guide, header fields), so that a person would
 * see a repeated mail twice.
 */
export function retryPolicyOf(channel: ChannelName, settings: Settings): RetryPolicy {
  const { retry } = settings.channels[channel]
  const isSes = channel === 'email' && settings.emailTransport === 'ses'
  return isSes ? { ...retry, uncertainRepeats: 0 } : retry
}

/** The largest maxReceiveCount of SQS. */
const maxReceives = 1000

export function channelQueue(channel: ChannelName): string {
  return `${pascal(channel)}Queue`
}

/** The channels' queue URLs: `EMAIL_QUEUE_URL` and so on. */
export function channelQueueVariables(): { readonly [name: string]: Value } {
  const variables = channelNames.map((name) => [
    `${name.toUpperCase()}_QUEUE_URL`,
    ref(channelQueue(name)),
  ])
  return Object.fromEntries(variables)
}

/** A channel of a cell: queue, dead-letter queue and sender. */
export function channelPart(channel: ChannelName, plan: CellPlan, settings: Settings): Part {
  const prefix = cellPrefix(plan.cell)
  const file = senderName(channel)
  const key = pascal(file)
  const queue = channelQueue(channel)
  const role = `${key}Role`
  const { deliveriesPerSecond } = settings.channels[channel]
  const retry = retryPolicyOf(channel, settings)
  // The receives of an outage come on top of the deliveries.
  const maxReceiveCount = Math.min(maxReceives, settings.maxReceiveCount + retry.tries)
  const { environment, statements } = providers[channel](`${prefix}/${channel}`, settings)
  return {
    functions: {
      [key]: queueFunctionDefinition({
        file,
        cellPrefix: prefix,
        role,
        queue,
        environment: {
          CELL: plan.cell,
          NOTIFICATIONS_TABLE: ref('NotificationsTable'),
          SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable'),
          RATE_LIMITS_TABLE: ref('RateLimitsTable'),
          DELIVERIES_PER_SECOND: String(deliveriesPerSecond),
          EVENT_BUS_NAME: ref('Bus'),
          KEEP_SENT_MESSAGES: String(settings.keepSentMessages),
          PAYLOAD_BUCKET: ref('PayloadBucket'),
          ...environment,
        },
        maxReceiveCount,
        retry: { RETRY_POLICY: JSON.stringify(retry) },
        settings,
        maximumConcurrency: settings.maximumConcurrency,
        timeout: senderTimeout(channel),
      }),
    },
    resources: {
      ...queueWithDlq({
        logicalId: queue,
        name: `${prefix}-${channel}`,
        functionTimeout: senderTimeout(channel),
        batchingWindow: settings.batchingWindowSeconds,
        maxReceiveCount,
      }),
      [role]: queueFunctionRole(`${prefix}-${file}`, queue, [
        allow(
          ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
          arnOf('NotificationsTable'),
        ),
        ...(settings.keepSentMessages ? [keepSentMessages] : []),
        allow(['s3:GetObject', 's3:PutObject'], notificationObjects),
        forgetReminders,
        announceResults,
        // The sender switches off an address that no longer exists.
        allow(
          ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          arnOf('SubscriptionsTable'),
        ),
        allow(['dynamodb:UpdateItem'], arnOf('RateLimitsTable')),
        // The sender queues a notification above the rate limit again.
        allow(['sqs:SendMessage'], arnOf(queue)),
        ...statements,
      ]),
    },
  }
}
