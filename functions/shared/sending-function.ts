import { z } from 'zod'
import { createDynamoDb } from '../../lib/aws/dynamodb.ts'
import { createNotificationStore } from '../../lib/aws/notifications-table.ts'
import { createQueues } from '../../lib/aws/sqs.ts'
import type { Channel } from '../../lib/channels/channel.ts'
import { retryPolicyVariable } from '../../lib/channels/retry-policy.ts'
import { readEnvironment } from '../../lib/config.ts'
import { queueFunction } from '../../lib/lambda.ts'
import { createLog } from '../../lib/log.ts'
import { deliver } from '../../lib/notifications/deliver.ts'
import { parseQueued } from '../../lib/notifications/notification.ts'

const variables = z.object({
  NOTIFICATIONS_TABLE: z.string(),
  QUEUE_URL: z.url(),
  RETRY_POLICY: retryPolicyVariable,
})

/** The whole function of one channel, which delivers the notifications that wait in its queue. */
export function sendingFunction(channel: Channel): ReturnType<typeof queueFunction> {
  const settings = readEnvironment(variables, process.env)
  const ports = {
    channel,
    notifications: createNotificationStore(settings.NOTIFICATIONS_TABLE, createDynamoDb()),
  }
  return queueFunction(
    { parse: parseQueued, handle: (queued, isLast) => deliver(queued, isLast, ports) },
    {
      log: createLog(),
      maxReceiveCount: settings.RETRY_POLICY.tries,
      retryBaseSeconds: settings.RETRY_POLICY.firstWaitSeconds,
      postpone: createQueues()(settings.QUEUE_URL).postpone,
    },
  )
}
