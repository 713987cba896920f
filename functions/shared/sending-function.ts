import { z } from 'zod'
import { createDynamoDb } from '../../lib/aws/dynamodb.ts'
import { createOnce } from '../../lib/aws/idempotency.ts'
import { createNotificationStore } from '../../lib/aws/notifications-table.ts'
import { createQueues } from '../../lib/aws/sqs.ts'
import { createSubscriptionBook } from '../../lib/aws/subscriptions-book.ts'
import type { Channel } from '../../lib/channels/channel.ts'
import { retryPolicyVariable } from '../../lib/channels/retry-policy.ts'
import { readEnvironment } from '../../lib/config.ts'
import { queueFunction } from '../../lib/lambda.ts'
import { createLog } from '../../lib/log.ts'
import { type DeliverPorts, deliver } from '../../lib/notifications/deliver.ts'
import { parseQueued } from '../../lib/notifications/notification.ts'

const variables = z.object({
  IDEMPOTENCY_TABLE: z.string(),
  NOTIFICATIONS_TABLE: z.string(),
  QUEUE_URL: z.url(),
  RETRY_POLICY: retryPolicyVariable,
  SUBSCRIPTIONS_TABLE: z.string(),
})

/** The whole function of one channel, which delivers the notifications that wait in its queue. */
export function sendingFunction(channel: Channel): ReturnType<typeof queueFunction> {
  const settings = readEnvironment(variables, process.env)
  const log = createLog()
  const dynamoDb = createDynamoDb()
  const once = createOnce(settings.IDEMPOTENCY_TABLE, dynamoDb)
  const ports: DeliverPorts = {
    channel,
    notifications: createNotificationStore(settings.NOTIFICATIONS_TABLE, dynamoDb),
    subscriptions: createSubscriptionBook(settings.SUBSCRIPTIONS_TABLE, dynamoDb),
    timeToLiveSeconds: settings.RETRY_POLICY.timeToLiveSeconds,
    now: () => new Date(),
  }
  return queueFunction(
    {
      parse: parseQueued,
      handle: (queued, { isLast }, context) =>
        once([queued.notificationId], context, () => deliver(queued, isLast, ports)),
    },
    {
      log,
      retry: settings.RETRY_POLICY,
      postpone: createQueues()(settings.QUEUE_URL).postpone,
    },
  )
}
