import * as z from 'zod'
import { createSns } from '../lib/aws/sns.ts'
import { createSmsChannel } from '../lib/channels/sms.ts'
import { readSettings } from './shared/read-settings.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { SMS_MAX_PARTS, SMS_SENDER_ID } = readSettings(
  z.object({ SMS_MAX_PARTS: z.coerce.number().int().min(1), SMS_SENDER_ID: z.string().optional() }),
)

/** Sends the notifications in the SMS queue. */
export const handler = sendingFunction(
  'sms',
  createSmsChannel(SMS_MAX_PARTS, createSns(SMS_SENDER_ID)),
)
