import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { createResultsBus } from '../lib/aws/bus/results-bus.ts'
import { createKept } from '../lib/aws/payloads.ts'
import { createDynamoDb } from '../lib/aws/tables/dynamodb.ts'
import { createDueNotifications } from '../lib/aws/tables/notifications-index.ts'
import { createNotificationStore } from '../lib/aws/tables/notifications-table.ts'
import { openTenants } from '../lib/aws/tables/open-tenants.ts'
import { createSubjectStore } from '../lib/aws/tables/subjects-table.ts'
import { createSubscriptionStore } from '../lib/aws/tables/subscriptions-table.ts'
import { createFits } from '../lib/channels/fits.ts'
import { createLog } from '../lib/log.ts'
import { type DueReport, type DueRunPorts, runDue } from '../lib/notifications/due-run.ts'
import type { Standing } from '../lib/notifications/look-again.ts'
import { fieldsOf } from '../lib/queue-function/message-fields.ts'
import { pause } from '../lib/waiting.ts'
import { channelQueues } from './shared/channel-queues.ts'
import { lateQueues } from './shared/late-queues.ts'
import { readSettings } from './shared/read-settings.ts'
import { unforgotten } from './shared/unforgotten.ts'

/** Milliseconds before the function's time-out at which a run begins no more work: one call may take 8 s. */
const reserve = 15_000

const settings = readSettings(
  z.object({
    EVENT_BUS_NAME: z.string(),
    NOTIFICATIONS_TABLE: z.string(),
    PAYLOAD_BUCKET: z.string(),
    SMS_MAX_PARTS: z.coerce.number().int().positive(),
    SUBSCRIPTIONS_TABLE: z.string(),
    TENANTS_TABLE: z.string(),
  }),
)
const log = createLog()
const client = createDynamoDb()
const tenants = openTenants({ table: settings.TENANTS_TABLE, client, log })
const ports: Omit<DueRunPorts, 'deadline' | 'pause'> = {
  dueNotifications: createDueNotifications(settings.NOTIFICATIONS_TABLE, client),
  notifications: createNotificationStore(settings.NOTIFICATIONS_TABLE, client),
  subjects: createSubjectStore(settings.NOTIFICATIONS_TABLE, client),
  subscriptions: createSubscriptionStore(settings.SUBSCRIPTIONS_TABLE, client),
  kept: createKept(settings.PAYLOAD_BUCKET),
  fits: createFits(settings.SMS_MAX_PARTS),
  enqueue: channelQueues(lateQueues),
  putOnBus: createResultsBus(settings.EVENT_BUS_NAME),
  standingOf,
  now: () => new Date(),
  onUnforgotten: unforgotten(log),
  onReleased: (held, outcome, digestId) =>
    log.info('No longer held', { ...fieldsOf(held), outcome, digestId }),
  onAnnounced: (record) =>
    log.info('Announced', { ...fieldsOf(record), channel: record.channel, state: record.state }),
}

/** Runs on a schedule: queues the held notifications that are due, and announces outstanding results. */
export async function handler(
  _event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<DueReport> {
  const milliseconds = Math.max(0, context.getRemainingTimeInMillis() - reserve)
  const end = new Date(Date.now() + milliseconds)
  const deadline = AbortSignal.timeout(milliseconds)
  const report = await runDue(end, { ...ports, deadline, pause: (time) => pause(time, deadline) })
  log.info('Due notifications', { ...report, isCutShort: deadline.aborted })
  return report
}

/** Where the tenants can't be read, all of them count as here. */
async function standingOf(tenant: string): Promise<Standing> {
  const known = await tenants.get().catch(() => undefined)
  if (known === undefined || tenants.problem() !== undefined) return 'here'
  const isIn = (some: readonly { readonly id: string }[] = []) =>
    some.some(({ id }) => id === tenant)
  if (isIn(known.tenants) || isIn(known.moved)) return 'here'
  return isIn(known.leaving) ? 'removed' : 'unknown'
}
