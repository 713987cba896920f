import { readFileSync } from 'node:fs'
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { createKept, createKeptEvents, createPayloadStore } from '../../lib/aws/payloads.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createEventRecords } from '../../lib/aws/tables/events-table.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { createSubjectStore } from '../../lib/aws/tables/subjects-table.ts'
import { createSubscriptionStore } from '../../lib/aws/tables/subscriptions-table.ts'
import { callsTogether } from '../../lib/aws/tables/together/together.ts'
import { createWitness } from '../../lib/aws/tables/witness-table.ts'
import { createLog, type Log } from '../../lib/log.ts'
import { createMetricFields } from '../../lib/metrics/write-metrics.ts'
import { isPart, parseEventMessage } from '../../lib/notifications/event-message.ts'
import type { NotificationKind } from '../../lib/notifications/kind.ts'
import { handlerMetricsOf } from '../../lib/notifications/metrics.ts'
import { type NotifyPorts, notify } from '../../lib/notifications/notify.ts'
import type { TemplateFiles } from '../../lib/notifications/templates/paths.ts'
import { createRender } from '../../lib/notifications/templates/render.ts'
import { fieldsOf } from '../../lib/queue-function/message-fields.ts'
import {
  deadLetterVariables,
  queueFunction,
  queueVariables,
} from '../../lib/queue-function/queue-function.ts'
import { doubling } from '../../lib/queue-function/retry-wait.ts'
import type { CurrentTenants, VersionedTenants } from '../../lib/tenants/current-tenants.ts'
import type { MessageSettings } from '../../lib/tenants/messages.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { channelQueues } from './channel-queues.ts'
import { functionTenants, tenantsVariables } from './function-tenants.ts'
import { lateDeadLetters, lateQueues } from './late-queues.ts'
import { readSettings } from './read-settings.ts'
import { unforgotten } from './unforgotten.ts'

const variables = z.object({
  ...queueVariables,
  ...deadLetterVariables,
  /** Tries of an event that fails for its own fault. */
  TRIES: z.coerce.number().int().positive(),
  ...tenantsVariables,
  /** Into how many parts the recipients of one event are cut. */
  CROWD_PARTS: z.coerce.number().int().positive(),
  NOTIFICATIONS_TABLE: z.string(),
  PAYLOAD_BUCKET: z.string(),
  SUBSCRIPTIONS_TABLE: z.string(),
  TEMPLATES_FILE: z.string(),
})

/** Seconds between two tries of an event that fails for its own fault. */
const maxWaitSeconds = 900

/**
 * Milliseconds that a step of a part takes, and those that it leaves for its last people: the copies of
 * the function are soon free for others.
 */
const stepMilliseconds = 3_000
const reservedMilliseconds = 12_000

/** The Lambda function of one event type, composed from the environment once per container. */
export function notifyingFunction<Data extends object>(
  kind: NotificationKind<Data>,
): ReturnType<typeof queueFunction> {
  const settings = readSettings(variables)
  const log = createLog()
  const { NOTIFICATIONS_TABLE, SUBSCRIPTIONS_TABLE } = settings
  const dynamoDb = callsTogether(createDynamoDb(), [NOTIFICATIONS_TABLE, SUBSCRIPTIONS_TABLE])
  const known = knownTenants(functionTenants(settings, log, dynamoDb), log)
  const notifications = createNotificationStore(NOTIFICATIONS_TABLE, dynamoDb, known.wantsResults)
  const ports: Omit<NotifyPorts, 'hasTime'> = {
    payloads: createPayloadStore(settings.PAYLOAD_BUCKET),
    subscriptions: createSubscriptionStore(SUBSCRIPTIONS_TABLE, dynamoDb),
    events: createEventRecords(NOTIFICATIONS_TABLE, dynamoDb),
    notifications,
    subjects: createSubjectStore(NOTIFICATIONS_TABLE, dynamoDb),
    kept: createKept(settings.PAYLOAD_BUCKET),
    keptEvents: createKeptEvents(settings.PAYLOAD_BUCKET),
    enqueue: channelQueues(lateQueues),
    parts: settings.CROWD_PARTS,
    queueSelf: lateQueues(settings.QUEUE_URL).sendAll,
    localeOf: known.localeOf,
    remindersOf: known.settingsOf,
    render: createRender(readTemplates(settings.TEMPLATES_FILE), known.settingsOf),
    onUnforgotten: unforgotten(log),
    onLost: (notification, reason) =>
      log.error('A notification could not be stored', { ...fieldsOf(notification), reason }),
    now: () => new Date(),
  }
  return queueFunction(
    {
      parse: parseEventMessage,
      isLong: isPart,
      handle: async (event, { sentAt }, context) => {
        await known.refresh()
        return notify(kind, event, { ...ports, queuedAt: sentAt, hasTime: timeFor(context) })
      },
      recordFailure: (event, failure) => notifications.recordFailure(event, failure),
    },
    {
      log,
      retry: {
        maxReceiveCount: settings.MAX_RECEIVE_COUNT,
        tries: settings.TRIES,
        waits: doubling(settings.RETRY_BASE_SECONDS, maxWaitSeconds),
        outageWaits: doubling(settings.RETRY_BASE_SECONDS, settings.OUTAGE_CAP_SECONDS),
      },
      postpone: lateQueues(settings.QUEUE_URL).postpone,
      witness: createWitness(NOTIFICATIONS_TABLE, dynamoDb),
      deadLetter: lateDeadLetters(settings.QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL),
      metricsOf: handlerMetricsOf(createMetricFields({ cell: settings.CELL, type: kind.type })),
    },
  )
}

/** build/templates.ts checked and wrote the file when the function was packaged. */
function readTemplates(file: string): TemplateFiles {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The tenants, as they were at the last `refresh`. */
function knownTenants(current: CurrentTenants, log: Log) {
  let known: VersionedTenants | undefined
  let tenants = new Map<string, Tenant>()
  return {
    async refresh(): Promise<void> {
      const now = await current.get()
      if (now === known) return
      known = now
      const all = [...now.leaving, ...(now.moved ?? []), ...now.tenants]
      tenants = new Map(all.map((one) => [one.id, one]))
    },
    localeOf(tenant: string): string | undefined {
      const locale = tenants.get(tenant)?.locale
      const version = known?.version
      if (locale === undefined) log.warn('The cell has no such tenant', { tenant, version })
      return locale
    },
    settingsOf: (tenant: string): MessageSettings => tenants.get(tenant) ?? {},
    wantsResults: (tenant: string) => tenants.get(tenant)?.results === true,
  }
}

/** Tells for one message whether its step may go on. */
function timeFor(context: Context): () => boolean {
  const start = performance.now()
  return () =>
    performance.now() - start < stepMilliseconds &&
    context.getRemainingTimeInMillis() > reservedMilliseconds
}
