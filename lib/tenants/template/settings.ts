import { z } from 'zod'
import { channelNames } from '../../channels/channel.ts'
import { retryPolicy } from '../../channels/retry-policy.ts'
import { unsubscribeLink } from '../../channels/unsubscribe.ts'
import { EcosError } from '../../errors.ts'

/** A number, also as the text that a parameter on the command line is. */
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

/** What each channel is told by `custom.settings.channels`. */
const channelSettings = z.strictObject({
  retry: retryPolicy,
  // A tenant's turn is kept in one item of DynamoDB, which takes 1,000 writes a second.
  deliveriesPerSecond: z.coerce.number().positive().max(400),
})

/** `custom.settings` of serverless.yml, where each is described. */
const settings = z.strictObject({
  cell: z.string(),
  tenantsFile: z.string().min(1),
  templatesDir: z.string().min(1),
  // SQS takes 1 to 1,000 as maxReceiveCount.
  maxReceiveCount: count(1, 1000),
  // A visibility timeout is at most 12 hours.
  retryBaseSeconds: count(1, 900),
  // Lambda takes 2 to 1,000 as an SQS source's maximum concurrency.
  maximumConcurrency: count(2, 1000),
  // A rule of EventBridge has up to five targets.
  concurrentDrains: count(1, 5),
  maxPutEventsPerSecond: z.coerce.number().positive(),
  // Off where CloudFormation knows no alarms on metric math, as in a local AWS.
  alarms: z.union([z.boolean(), z.stringbool()]),
  alarmEmail: z.union([z.literal(''), z.email()]),
  alarmBacklog: count(1, 1_000_000_000),
  // An alarm looks back over a day at most.
  alarmNoDrainMinutes: count(1, 1440),
  archive: z.union([z.boolean(), z.stringbool()]),
  // What was handled is remembered for 30 days, and the data that lies in S3 is kept as long.
  archiveDays: count(1, 30),
  channels: z.record(z.enum(channelNames), channelSettings),
  emailTransport: z.enum(['smtp', 'ses']),
  emailFrom: z.string().min(3),
  emailUnsubscribe: z.union([z.literal(''), unsubscribeLink]),
  webhookAllowPrivate: z.union([z.boolean(), z.stringbool()]),
  telegramApiUrl: z.url(),
  pushApiUrl: z.url(),
  // SNS takes 1,600 bytes: ten parts in any alphabet.
  smsMaxParts: count(1, 10),
  smsSenderId: z.string().regex(/^[A-Za-z0-9]{0,11}$/, 'has up to 11 letters and digits'),
})
export type Settings = z.infer<typeof settings>

/** @throws EcosError `invalid-settings`, naming each setting at fault */
export function parseSettings(values: unknown): Settings {
  const parsed = settings.safeParse(values)
  if (parsed.success) return parsed.data
  const list = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new EcosError('invalid-settings', `serverless.yml, custom.settings: ${list.join('; ')}`)
}
