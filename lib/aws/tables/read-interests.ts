import * as z from 'zod'
import type { Log } from '../../log.ts'
import { createNamedAttributes } from '../../notifications/templates/named-attributes.ts'
import type { TemplateFiles } from '../../notifications/templates/paths.ts'
import { busInterests } from '../../records/bus-interests.ts'
import { cachedInterests, type InterestsOf, wantNothing } from '../../records/interests.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import { createDynamoDb } from './dynamodb.ts'
import { createRecordListeners } from './record-listeners-table.ts'
import { createSubscriptionBook } from './subscriptions-book.ts'

/** Environment variables that name the tables of interests in record events. */
export const interestVariables = {
  SUBSCRIPTIONS_TABLE: z.string().optional(),
  RECORD_LISTENERS_TABLE: z.string().optional(),
} as const

export interface InterestTables {
  readonly SUBSCRIPTIONS_TABLE?: string | undefined
  readonly RECORD_LISTENERS_TABLE?: string | undefined
}

/** Milliseconds: well within the documented minute in which a change takes effect. */
const refreshInterval = 15_000

/**
 * The interests of the bus's listeners in record events, from the cell's tables. Without any table
 * there are none, and no source is contacted.
 */
export function readInterests(
  { SUBSCRIPTIONS_TABLE, RECORD_LISTENERS_TABLE }: InterestTables,
  tenants: readonly Tenant[],
  templates: TemplateFiles,
  log: Log,
): InterestsOf {
  if (!SUBSCRIPTIONS_TABLE && !RECORD_LISTENERS_TABLE) return wantNothing
  const client = createDynamoDb()
  const book = SUBSCRIPTIONS_TABLE && createSubscriptionBook(SUBSCRIPTIONS_TABLE, client)
  const listeners =
    RECORD_LISTENERS_TABLE && createRecordListeners(RECORD_LISTENERS_TABLE, client, log)
  const interestsOf = busInterests({
    tenants,
    async subscriptionsOf(tenant) {
      const entries = book ? await book.ofTenant(tenant) : []
      return entries.flatMap((entry) => (entry.of === 'subscription' ? [entry.subscription] : []))
    },
    registrationsOf: async (tenant) => (listeners ? listeners.ofTenant(tenant) : []),
    namedAttributes: createNamedAttributes(templates),
    log,
  })
  return cachedInterests(interestsOf, refreshInterval)
}
