import type { Hono } from 'hono'
import type { Log } from '../log.ts'
import { ownPage } from '../own-page/own-page.ts'
import { requestRate } from '../own-page/request-rate.ts'
import { reasonOf } from '../queue-function/fault.ts'
import type { CurrentTenants } from '../tenants/current-tenants.ts'
import { defaultTimeZone } from '../time-zone.ts'
import { secretText } from './secrets.ts'
import { createDynamoDb } from './tables/dynamodb.ts'
import { createOwnSettings } from './tables/own-settings.ts'
import { createRateLimiter } from './tables/rate-limits-table.ts'

export interface OwnPageSettings {
  readonly tenants: Pick<CurrentTenants, 'get'>
  readonly secretId: string
  readonly subscriptionsTable: string
  readonly rateLimitsTable: string
}

/** The page of people's own settings on the cell's tables. */
export function createOwnPage(
  { tenants, secretId, subscriptionsTable, rateLimitsTable }: OwnPageSettings,
  log: Log,
): Hono {
  const dynamoDb = createDynamoDb()
  return ownPage({
    secrets: () => secretText(secretId),
    settings: createOwnSettings(subscriptionsTable, dynamoDb),
    async tenantOf(tenant) {
      const known = (await tenants.get()).tenants.find(({ id }) => id === tenant)
      return { timeZone: known?.timeZone ?? defaultTimeZone, locale: known?.locale ?? '' }
    },
    mayAsk: requestRate((perSecond) => createRateLimiter(rateLimitsTable, perSecond, dynamoDb)),
    onChange: (tenant, what) => log.info('A person changed their own settings', { tenant, what }),
    onFailure: (error) =>
      log.error("A request to a person's own page failed", { reason: reasonOf(error) }),
    now: () => new Date(),
  })
}
