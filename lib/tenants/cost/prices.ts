/**
 * AWS's list prices in US dollars for us-east-1, without free tiers and discounts, as read on
 * `pricesOf`. Sources: the pricing pages of DynamoDB (on-demand), SQS (standard queues), EventBridge,
 * Lambda, CloudWatch, S3 and Secrets Manager.
 */
export const pricesOf = '2026-11-28'
export const priceRegion = 'us-east-1'

const million = 1_000_000
const gigabyte = 1024 ** 3

/**
 * The time of a function for each message: an assumption. The work is waiting for DynamoDB, SQS and a mail
 * server; the messages of a batch wait side by side, so that it is less in a busy cell.
 */
export const millisecondsOfMessage = 100

/** Dollars for one unit. */
export const prices = {
  /** A write request unit: 1 KB of an item, in a table or an index. */
  'dynamodb-write': 0.625 / million,
  /** A read request unit: 4 KB, strongly consistent. */
  'dynamodb-read': 0.125 / million,
  /** A request of up to 64 KB. */
  'sqs-request': 0.4 / million,
  /** A published event of up to 64 KB. */
  'eventbridge-event': 1 / million,
  'lambda-request': 0.2 / million,
  /** A GB-second on arm64. */
  'lambda-gb-second': 0.0000133334,
  /** A byte of ingested logs. */
  'logs-byte': 0.5 / gigabyte,
  's3-write': 0.005 / 1000,
  's3-read': 0.0004 / 1000,
  'secrets-call': 0.05 / 10_000,
  /** Mails by SES and short messages by SNS are the channels' own cost (docs/cost.md). */
  'channel-message': 0,
} as const satisfies Record<string, number>

export type Unit = keyof typeof prices

/** Dollars of a million archived events of 1.2 KB, kept for a month; the local AWS has no archives to count. */
export const archiveDollars = 0.15
