import * as z from 'zod'
import { createDynamoDb } from '../lib/aws/tables/dynamodb.ts'
import { createSubscriptionBook } from '../lib/aws/tables/subscriptions-book.ts'
import { createLog } from '../lib/log.ts'
import { mailFeedback } from './shared/mail-feedback.ts'
import { readSettings } from './shared/read-settings.ts'

const { SUBSCRIPTIONS_TABLE } = readSettings(z.object({ SUBSCRIPTIONS_TABLE: z.string() }))

/** Switches off the address of a mail that SES could not deliver for good, or whose reader complained. */
export const handler = mailFeedback(
  createSubscriptionBook(SUBSCRIPTIONS_TABLE, createDynamoDb()),
  createLog(),
)
