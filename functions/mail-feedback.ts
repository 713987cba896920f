import * as z from 'zod'
import { createDynamoDb } from '../lib/aws/tables/dynamodb.ts'
import { createSubscriptionBook } from '../lib/aws/tables/subscriptions-book.ts'
import { endedMailbox } from '../lib/channels/mail-feedback.ts'
import { createLog } from '../lib/log.ts'
import { readSettings } from './shared/read-settings.ts'

const { SUBSCRIPTIONS_TABLE } = readSettings(z.object({ SUBSCRIPTIONS_TABLE: z.string() }))
const log = createLog()
const book = createSubscriptionBook(SUBSCRIPTIONS_TABLE, createDynamoDb())

/** Switches off the address of a mail that SES could not deliver for good, or whose reader complained. */
export async function handler(event: unknown): Promise<void> {
  const ended = endedMailbox(event)
  if (!ended) return
  const { reason, ...place } = ended
  await book.switchOff(place, reason)
  log.info('An address was switched off', { tenant: ended.tenant, channel: ended.channel, reason })
}
