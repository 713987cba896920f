import { createKept, createKeptEvents } from '../../lib/aws/payloads.ts'
import { createQueues, queueUrl } from '../../lib/aws/sqs.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { createPeopleBook } from '../../lib/aws/tables/people-table.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { createSubscriptionStore } from '../../lib/aws/tables/subscriptions-table.ts'
import { EcosError } from '../../lib/errors.ts'
import type { ResendPorts } from '../../lib/notifications/resend.ts'
import { sendTest } from '../../lib/notifications/send-test.ts'
import { readKnown } from '../../lib/notifications/templates/files.ts'
import { createRender } from '../../lib/notifications/templates/render.ts'
import type { Audit } from '../../lib/operations/audit.ts'
import { createRepairs, type RepairPorts, type Repairs } from '../../lib/operations/repairs.ts'
import { cellPrefix, kebab } from '../../lib/tenants/names.ts'
import { knownTenants } from './known-tenant.ts'
import { auditOf } from './operator.ts'

export interface RepairSettings {
  readonly cell: string
  /** The tables, if they are not the cell's own. */
  readonly notificationsTable?: string | undefined
  readonly subscriptionsTable?: string | undefined
  /** The cell's PayloadBucket: only `resend` needs it. */
  readonly bucket?: string | undefined
  /** The folder of the operator's own templates: only `sendTest` needs it. */
  readonly templates?: string | undefined
}

/** The repairs of a cell, with the credentials, region and endpoint of the AWS_* variables. */
export function repairsOf(settings: RepairSettings, audit = auditByCommand(settings)): Repairs {
  return createRepairs(repairPorts(settings), audit)
}

function auditByCommand({ cell, notificationsTable }: RepairSettings): Audit {
  return auditOf(cell, 'command', notificationsTable)
}

function repairPorts(settings: RepairSettings): RepairPorts {
  const { cell, templates = 'templates' } = settings
  const notificationsTable = settings.notificationsTable ?? `${cellPrefix(cell)}-notifications`
  const subscriptionsTable = settings.subscriptionsTable ?? `${cellPrefix(cell)}-subscriptions`
  const client = createDynamoDb()
  const notifications = createNotificationStore(notificationsTable, client)
  const { enqueue, enqueueEvents } = cellQueues(cell)
  return {
    resend: { notifications, enqueue, enqueueEvents, ...keptIn(settings.bucket) },
    notifications,
    addresses: createSubscriptionBook(subscriptionsTable, client),
    async sendTest(test) {
      const own = (await knownTenants(cell))?.find(({ id }) => id === test.tenant)
      return sendTest(
        { ...test, tenantLocale: own?.locale },
        {
          ...{ notifications, enqueue, now: () => new Date() },
          subscriptions: createSubscriptionStore(subscriptionsTable, client),
          findPerson: createPeopleBook(subscriptionsTable, client).find,
          render: createRender(readKnown(templates), () => own ?? {}),
        },
      )
    },
  }
}

/** The queues of a cell's channels and event types. */
export function cellQueues(cell: string): Pick<ResendPorts, 'enqueue' | 'enqueueEvents'> {
  const queues = createQueues()
  const urls = new Map<string, Promise<string>>()
  const urlOf = (name: string) => {
    const url = urls.get(name) ?? queueUrl(`${cellPrefix(cell)}-${name}`)
    urls.set(name, url)
    return url
  }
  return {
    enqueue: async (channel, messages) => queues(await urlOf(channel)).sendAll(messages),
    enqueueEvents: async (type, messages) => queues(await urlOf(kebab(type))).sendAll(messages),
  }
}

function keptIn(bucket: string | undefined): Pick<ResendPorts, 'kept' | 'keptEvents'> {
  if (bucket !== undefined)
    return { kept: createKept(bucket), keptEvents: createKeptEvents(bucket) }
  const missing = () =>
    Promise.reject(
      new EcosError(
        'missing-variable',
        "Missing environment variable: PAYLOAD_BUCKET, the stack's output PayloadBucketName",
      ),
    )
  return { kept: { keep: missing, load: missing }, keptEvents: { load: missing } }
}
