import { handle } from 'hono/aws-lambda'
import * as z from 'zod'
import { createOwnPage } from '../lib/aws/own-page.ts'
import { createLog } from '../lib/log.ts'
import { functionTenants, tenantsVariables } from './shared/function-tenants.ts'
import { readSettings } from './shared/read-settings.ts'

const settings = readSettings(
  z.object({
    ...tenantsVariables,
    OWN_PAGE_SECRET_ID: z.string(),
    RATE_LIMITS_TABLE: z.string(),
    SUBSCRIPTIONS_TABLE: z.string(),
  }),
)

const log = createLog()

/** Answers the requests to the function's URL. */
export const handler = handle(
  createOwnPage(
    {
      tenants: functionTenants(settings, log),
      secretId: settings.OWN_PAGE_SECRET_ID,
      rateLimitsTable: settings.RATE_LIMITS_TABLE,
      subscriptionsTable: settings.SUBSCRIPTIONS_TABLE,
    },
    log,
  ),
)
