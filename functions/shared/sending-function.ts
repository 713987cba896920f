import * as z from 'zod'
import { createResultsBus } from '../../lib/aws/bus/results-bus.ts'
import { createKept } from '../../lib/aws/payloads.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createFloodMemory } from '../../lib/aws/tables/floods.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { createRateLimiter } from '../../lib/aws/tables/rate-limits-table.ts'
import { createSentMessages } from '../../lib/aws/tables/sent-messages.ts'
import { createSubjectStore } from '../../lib/aws/tables/subjects-table.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { callsTogether } from '../../lib/aws/tables/together/together.ts'
import { takeAddressSlot } from '../../lib/channels/address-rate.ts'
import type { Channel, ChannelName } from '../../lib/channels/channel.ts'
import { withFloodControl } from '../../lib/channels/flood.ts'
import { slotsTogether, waitForRate } from '../../lib/channels/rate-limit.ts'
import { retryPolicyVariable } from '../../lib/channels/retry-policy.ts'
import { createLog } from '../../lib/log.ts'
import { createMetricFields } from '../../lib/metrics/write-metrics.ts'
import type { DeliverPorts } from '../../lib/notifications/deliver.ts'
import { senderMetricsOf } from '../../lib/notifications/metrics.ts'
import { encodeQueued, type QueuedNotification } from '../../lib/notifications/notification.ts'
import { sender } from '../../lib/notifications/sender.ts'
import { reasonOf } from '../../lib/queue-function/fault.ts'
import { fieldsOf } from '../../lib/queue-function/message-fields.ts'
import {
  deadLetterVariables,
  queueFunction,
  queueVariables,
} from '../../lib/queue-function/queue-function.ts'
import { doubling } from '../../lib/queue-function/retry-wait.ts'
import { lateDeadLetters, lateQueues } from './late-queues.ts'
import { readSettings } from './read-settings.ts'
import { unforgotten } from './unforgotten.ts'

const variables = z.object({
  ...queueVariables,
  ...deadLetterVariables,
  CELL: z.string(),
  DELIVERIES_PER_SECOND: z.coerce.number().positive(),
  EVENT_BUS_NAME: z.string(),
  KEEP_SENT_MESSAGES: z.stringbool(),
  NOTIFICATIONS_TABLE: z.string(),
  PAYLOAD_BUCKET: z.string(),
  RATE_LIMITS_TABLE: z.string(),
  RETRY_POLICY: retryPolicyVariable,
  SUBSCRIPTIONS_TABLE: z.string(),
})

interface AddressLimits {
  /** Messages a second. */
  rateTo(address: string): number
  /** See FloodControl. */
  readonly hasOneSender: boolean
}

/** The Lambda function of one channel, which sends the notifications in its queue. */
export function sendingFunction(
  name: ChannelName,
  channel: Channel,
  /** The limits of an address, beside the tenant's; none by default. */
  limits?: AddressLimits,
): ReturnType<typeof queueFunction> {
  const settings = readSettings(variables)
  const log = createLog()
  const dynamoDb = callsTogether(createDynamoDb(), [settings.NOTIFICATIONS_TABLE])
  const queue = lateQueues(settings.QUEUE_URL)
  const { RATE_LIMITS_TABLE, DELIVERIES_PER_SECOND } = settings
  const slotsOf = (perSecond: number) =>
    slotsTogether(createRateLimiter(RATE_LIMITS_TABLE, perSecond, dynamoDb))
  const tenantSlots = slotsOf(DELIVERIES_PER_SECOND)
  const takeSlot = limits
    ? takeAddressSlot({ rateTo: limits.rateTo, slotsOf, tenant: tenantSlots })
    : tenantSlots
  const now = () => new Date()
  const floods = createFloodMemory(RATE_LIMITS_TABLE, dynamoDb)
  const ports: DeliverPorts = {
    channel: limits
      ? withFloodControl(channel, { ...floods, ...limits, channel: name, now })
      : channel,
    notifications: createNotificationStore(settings.NOTIFICATIONS_TABLE, dynamoDb),
    subscriptions: createSubscriptionBook(settings.SUBSCRIPTIONS_TABLE, dynamoDb),
    subjects: createSubjectStore(settings.NOTIFICATIONS_TABLE, dynamoDb),
    kept: createKept(settings.PAYLOAD_BUCKET),
    sent: settings.KEEP_SENT_MESSAGES
      ? createSentMessages(settings.NOTIFICATIONS_TABLE, dynamoDb)
      : undefined,
    onUnkept: (record, error) =>
      log.warn('A message was sent and could not be kept for the console', {
        ...fieldsOf(record),
        reason: reasonOf(error),
      }),
    onUnforgotten: unforgotten(log),
    putOnBus: createResultsBus(settings.EVENT_BUS_NAME),
    onUnannounced: (record, error) =>
      log.warn('A result could not be announced and will be announced later', {
        ...fieldsOf(record),
        reason: reasonOf(error),
      }),
    retry: settings.RETRY_POLICY,
    awaitRate: (queued) =>
      waitForRate(queued, {
        takeSlot: () => takeSlot(queued),
        putBack: (seconds) => putBack(queued, seconds),
      }),
    now,
  }
  function putBack(queued: QueuedNotification, delaySeconds: number) {
    return queue.sendAll([{ body: encodeQueued(queued), group: queued.tenant, delaySeconds }])
  }
  return queueFunction(sender(ports), {
    log,
    retry: {
      maxReceiveCount: settings.MAX_RECEIVE_COUNT,
      tries: settings.RETRY_POLICY.tries,
      waits: settings.RETRY_POLICY,
      outageWaits: doubling(settings.RETRY_BASE_SECONDS, settings.OUTAGE_CAP_SECONDS),
    },
    postpone: queue.postpone,
    deadLetter: lateDeadLetters(settings.QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL),
    metricsOf: senderMetricsOf(createMetricFields({ cell: settings.CELL, channel: name })),
  })
}
