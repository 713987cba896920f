import { type Fault, faultOf } from '../../console/server/fault.ts'
import type { ConsolePorts } from '../../console/server/ports.ts'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { createQueueCounter } from '../../lib/amqp/queue-counts.ts'
import { createCells } from '../../lib/aws/cell/cells.ts'
import { createDeployments } from '../../lib/aws/cell/deployments.ts'
import { createMetricReader } from '../../lib/aws/metric-reader.ts'
import { createAuditBook } from '../../lib/aws/tables/audit-table.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { findStories } from '../../lib/aws/tables/event-story.ts'
import { searchNotifications } from '../../lib/aws/tables/notifications-search.ts'
import { findKey } from '../../lib/aws/tables/notifications-short-ids.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { findRetried } from '../../lib/aws/tables/retried-notifications.ts'
import { createSentMessages } from '../../lib/aws/tables/sent-messages.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { searchTenants } from '../../lib/aws/tables/tenants-search.ts'
import { openTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { createTenantCounts } from '../../lib/aws/tenant-counts.ts'
import { readEnvironment } from '../../lib/config.ts'
import { tenantsOfCell, withoutAmazonMq } from '../../lib/tenants/cell-tenants.ts'
import { cellPrefix, tenantsTable } from '../../lib/tenants/names.ts'
import { placeInPools } from '../../lib/tenants/pools.ts'
import { backlogsOf } from './broker-backlogs.ts'
import { currentTenants, everyTenant } from './current-tenants.ts'
import { type Boxes, withBoxes } from './dlq-options.ts'
import { createAbsences } from './dlq-queues.ts'
import { auditOf } from './operator.ts'
import { queueSettings } from './queue-settings.ts'
import { repairsOf } from './repair-ports.ts'
import { tenantsReader } from './tenants-reader.ts'

/** Notifications on a page of a search, at most. */
const maxListed = 50

export interface LiveSettings {
  /** The only cell that is shown, if it is one. */
  readonly cell?: string | undefined
  /** Its PayloadBucket: to send notifications again. */
  readonly bucket?: string | undefined
  /** The folder of the operator's own templates. */
  readonly templates?: string | undefined
}

/** The live system of the AWS_* variables and, if they are set, of AMQP_URL and TENANTS_FILE. */
export function liveSystem(settings: LiveSettings = {}): ConsolePorts {
  const cells = createCells()
  const client = createDynamoDb()
  const notificationsOf = (cell: string) => {
    return { TableName: `${cellPrefix(cell)}-notifications`, client }
  }
  const broker = brokerQueues()
  const absences = createAbsences()
  const tenantsNow = currentTenants()
  const audits = memoized((cell: string) => auditOf(cell, 'console'))
  return {
    cells: cells.deployed,
    async enabledTypes(cell) {
      const now = await tenantsNow(cell)
      return now?.tenants.flatMap(({ id, events }) => events.map((type) => ({ tenant: id, type })))
    },
    async tenants(cell) {
      const now = await tenantsNow(cell)
      return now && everyTenant(now)
    },
    queues: cells.queues,
    tap: cells.tap,
    backlogs: broker.backlogs,
    withLetters(cell, work, tenant) {
      const problems: Fault[] = []
      const onNoBroker = (error: unknown) => void problems.push(faultOf('broker', error))
      const of = { cell, ...(tenant !== undefined && { tenant }) }
      const found = (boxes: Boxes) => work({ ...boxes, problems })
      return withBoxes(of, found, { onNoBroker, absences })
    },
    stories: (cell, pairs, eventId) => findStories(notificationsOf(cell), pairs, eventId),
    search: (cell, tenant, filter, before) =>
      searchNotifications(notificationsOf(cell), tenant, filter, { limit: maxListed, before }),
    searchTenants: (cell, tenants, filter, before) =>
      searchTenants(notificationsOf(cell), tenants, filter, { limit: maxListed, before }),
    retried: (cell, tenants) => findRetried(notificationsOf(cell), tenants),
    message: (cell, tenant, notificationId) =>
      createSentMessages(notificationsOf(cell).TableName, client).find({ tenant, notificationId }),
    subscriptions: (cell, tenant) =>
      createSubscriptionBook(`${cellPrefix(cell)}-subscriptions`, client).ofTenant(tenant),
    metrics: createMetricReader(),
    tenantCounts: createTenantCounts(),
    deployments: createDeployments(),
    tenantsHistory: (cell) => openTenantsTable(tenantsTable(cell)).history(),
    async repairs(cell) {
      const { templates } = settings
      const bucket = await bucketOf(cell, settings, cells.deployed)
      const notifications = notificationsOf(cell)
      return {
        ...repairsOf({ cell, bucket, templates }, audits(cell)),
        async find(tenant, id) {
          const key = await findKey(notifications, tenant, id)
          return key && createNotificationStore(notifications.TableName, client).find(key)
        },
      }
    },
    async audit(cell) {
      return { ...audits(cell), ...createAuditBook(notificationsOf(cell).TableName, client) }
    },
    close: broker.close,
  }
}

/** A bucket is one cell's: that of another cell would have nothing, as if nothing were kept. */
async function bucketOf(
  cell: string,
  { cell: only, bucket }: LiveSettings,
  deployed: () => Promise<readonly string[]>,
): Promise<string | undefined> {
  if (bucket === undefined || only === cell) return bucket
  return (await deployed()).length === 1 ? bucket : undefined
}

/** One for each cell, so that STS is asked once for the caller's identity. */
function memoized<T>(make: (cell: string) => T): (cell: string) => T {
  const made = new Map<string, T>()
  return (cell) => {
    const one = made.get(cell) ?? make(cell)
    made.set(cell, one)
    return one
  }
}

function brokerQueues(): Pick<ConsolePorts, 'backlogs' | 'close'> {
  const file = process.env['TENANTS_FILE']
  if (!process.env['AMQP_URL'] || !file) {
    return { backlogs: async () => undefined, close: async () => undefined }
  }
  const { AMQP_URL, AMQP_CA } = readEnvironment(brokerVariables, process.env)
  const counter = createQueueCounter(AMQP_URL, AMQP_CA)
  const tenants = tenantsReader(file)
  return {
    async backlogs(cell) {
      const drained = placeInPools(withoutAmazonMq(tenantsOfCell(tenants(), cell)), queueSettings())
      return backlogsOf(drained, counter.count)
    },
    close: counter.close,
  }
}
