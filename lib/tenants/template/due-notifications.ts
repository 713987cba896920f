import { channelNames } from '../../channels/channel.ts'
import { cellPrefix } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { channelQueue, channelQueueVariables } from './channel.ts'
import { arnOf, type Part, ref } from './cloudformation.ts'
import { scheduled } from './drain-schedule.ts'
import {
  announceResults,
  forgetReminders,
  notificationObjects,
  notificationsIndex,
} from './notifications.ts'
import { allow, functionRole } from './queue-function.ts'
import type { Settings } from './settings.ts'
import { readTenants } from './tenants-table.ts'

const file = 'due-notifications'

/** The function that queues held notifications and announces pending results each minute. */
export function dueNotificationsPart(
  { cell }: CellPlan,
  { reserveConcurrency, smsMaxParts }: Pick<Settings, 'reserveConcurrency' | 'smsMaxParts'>,
): Part {
  const name = `${cellPrefix(cell)}-${file}`
  const role = 'DueNotificationsRole'
  return {
    functions: {
      DueNotifications: {
        name,
        handler: `dist/functions/${file}/index.handler`,
        role,
        // Under the schedule's minute: runs that overlap do no harm, but repeat each other's work.
        timeout: 58,
        ...scheduled,
        ...(reserveConcurrency && { reservedConcurrency: 1 }),
        // One vCPU (Lambda developer guide, Configure function memory): a morning's digests are due together.
        memorySize: 1769,
        package: { patterns: ['!**', `dist/functions/${file}/**`] },
        environment: {
          EVENT_BUS_NAME: ref('Bus'),
          NOTIFICATIONS_TABLE: ref('NotificationsTable'),
          PAYLOAD_BUCKET: ref('PayloadBucket'),
          SMS_MAX_PARTS: String(smsMaxParts),
          SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable'),
          TENANTS_TABLE: ref('TenantsTable'),
          ...channelQueueVariables(),
        },
        events: [{ schedule: 'rate(1 minute)' }],
      },
    },
    resources: {
      [role]: functionRole(name, [
        allow(
          [
            ...['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'],
            ...['dynamodb:UpdateItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
          ],
          arnOf('NotificationsTable'),
        ),
        allow(['dynamodb:Query'], notificationsIndex('byDue')),
        allow(['dynamodb:BatchGetItem'], arnOf('SubscriptionsTable')),
        allow(['s3:GetObject', 's3:PutObject'], notificationObjects),
        forgetReminders,
        allow(
          ['sqs:SendMessage'],
          channelNames.map((channel) => arnOf(channelQueue(channel))),
        ),
        announceResults,
        // A removed tenant's people are reminded of nothing.
        readTenants,
      ]),
    },
  }
}
