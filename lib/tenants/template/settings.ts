import * as z from 'zod'
import { mailbox } from '../../channels/addresses/mailbox.ts'
import { channelNames } from '../../channels/channel.ts'
import { retryPolicy } from '../../channels/retry-policy.ts'
import { unsubscribeLink } from '../../channels/unsubscribe.ts'
import { EcosError } from '../../errors.ts'
import { maxRules } from '../plan.ts'
import { queueLayouts } from '../pools.ts'
import { queueRetention } from './queue.ts'

/** An integer; parameters on the command line are strings. */
const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const flag = z.union([z.boolean(), z.stringbool()])

/** A path with a root, or with `..` in it. */
const leadsOut = /^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i

/** A file that functions are packaged with, and find by the same path. */
const packagedFile = z
  .string()
  .min(1)
  .refine((path) => !leadsOut.test(path), {
    message:
      'is not a path inside the folder of serverless.yml: functions are packaged with the file',
  })

/** A comma-separated list of ids; empty for none. */
const idList = (pattern: RegExp, example: string) =>
  z
    .string()
    .transform((text) => text.split(',').flatMap((id) => id.trim() || []))
    .pipe(z.array(z.string().regex(pattern, `is not an id such as ${example}`)).max(16))

/** Mails hold it, so it is https; http for this machine. */
const pageUrl = z.url().regex(/^(https:|http:\/\/127\.0\.0\.1[:/])/, 'is not https')

/** Seconds. */
const maxTimeToLive = queueRetention - 86_400

/** A channel's entry in `custom.settings.channels`. */
const channelSettings = z.strictObject({
  // SQS deletes a message at the end of its retention without a trace: a day is left to record its expiry.
  retry: retryPolicy.refine(({ timeToLiveSeconds }) => timeToLiveSeconds <= maxTimeToLive, {
    path: ['timeToLiveSeconds'],
    message: `is more than ${maxTimeToLive}: a queue keeps a message for 4 days`,
  }),
  // A tenant's turn is one DynamoDB item, which accepts 1,000 writes a second.
  deliveriesPerSecond: z.coerce.number().positive().max(400),
})

/** `custom.settings` of serverless.yml, which describes each. */
const settings = z
  .strictObject({
    cell: z.string(),
    tenantsFile: packagedFile,
    templatesDir: z.string().min(1),
    // SQS accepts 1 to 1,000.
    maxReceiveCount: integer(1, 1000),
    handlerTries: integer(1, 1000),
    // The waits are capped at 15 minutes.
    retryBaseSeconds: integer(1, 900),
    // Below five minutes less a function's time, so that all is under way five minutes after an outage.
    outageCapSeconds: integer(1, 240),
    // Lambda accepts 300. More would let the queue's visibility timeout outlast the five minutes after an outage.
    batchingWindowSeconds: integer(0, 20),
    // Lambda accepts 2 to 1,000 for an SQS source.
    maximumConcurrency: integer(2, 1000),
    // The plan refuses more than the bus takes.
    partitions: integer(1, maxRules),
    queues: z.enum(queueLayouts),
    reservedRules: integer(0, maxRules),
    // An EventBridge rule has up to five targets.
    concurrentDrains: integer(1, 5),
    maxPutEventsPerSecond: z.coerce.number().positive(),
    // False where CloudFormation lacks alarms on metric math, as in a local AWS.
    reserveConcurrency: flag,
    drainSubnetIds: idList(/^subnet-[0-9a-f]+$/, 'subnet-…'),
    drainSecurityGroupIds: idList(/^sg-[0-9a-f]+$/, 'sg-…'),
    zooKeeperServers: z.string(),
    dataDeletionPolicy: z.enum(['RetainExceptOnCreate', 'Retain', 'Delete']),
    deletionProtection: flag,
    alarms: flag,
    alarmEmail: z.union([z.literal(''), z.email()]),
    alarmBacklog: integer(1, 1_000_000_000),
    // An alarm evaluates up to a day.
    alarmNoDrainMinutes: integer(1, 1440),
    archive: flag,
    // Duplicates are dropped, and payloads in S3 kept, for 30 days.
    archiveDays: integer(1, 30),
    channels: z.record(z.enum(channelNames), channelSettings),
    keepSentMessages: flag,
    emailTransport: z.enum(['smtp', 'ses']),
    // Stays as it is written: the sender parses it again.
    emailFrom: z.string().superRefine((text, context) => {
      for (const { message } of mailbox.safeParse(text).error?.issues ?? []) {
        context.addIssue(message)
      }
    }),
    emailUnsubscribe: z.union([z.literal(''), unsubscribeLink]),
    ownPage: flag,
    ownPageUrl: z.union([z.literal(''), pageUrl]),
    webhookAllowPrivate: flag,
    telegramApiUrl: z.url(),
    telegramChatPerSecond: z.coerce.number().positive().max(30),
    chatWebhookPerSecond: z.coerce.number().positive().max(30),
    pushApiUrl: z.url(),
    // SNS accepts 1,600 bytes: ten parts in any alphabet.
    smsMaxParts: integer(1, 10),
    smsSenderId: z.string().regex(/^[A-Za-z0-9]{0,11}$/, 'has up to 11 letters and digits'),
  })
  .refine(
    ({ drainSubnetIds, drainSecurityGroupIds }) =>
      drainSubnetIds.length > 0 === drainSecurityGroupIds.length > 0,
    {
      path: ['drainSecurityGroupIds'],
      message: 'goes together with drainSubnetIds: set both, or neither',
    },
  )
export type Settings = z.infer<typeof settings>

/** @throws EcosError `invalid-settings`, which names each invalid setting */
export function parseSettings(values: unknown): Settings {
  const parsed = settings.safeParse(values)
  if (parsed.success) return parsed.data
  const list = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new EcosError('invalid-settings', `serverless.yml, custom.settings: ${list.join('; ')}`)
}
