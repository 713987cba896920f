/** How AWS counts what it bills. Sizes are in bytes; a KB is 1,024 of them. */

const kilobyte = 1024

/**
 * The write request units of an item. Source: DynamoDB developer guide, "Capacity unit consumption for
 * write operations"
 */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / kilobyte))
}

/**
 * The read request units of items that are rounded together, as a Query's are; BatchGetItem's are
 * rounded one by one. Reading nothing costs the smallest read. Source: DynamoDB developer guide,
 * "Capacity unit consumption for read operations"
 */
export function readUnits(bytes: number, consistent: boolean): number {
  const units = Math.max(1, Math.ceil(bytes / (4 * kilobyte)))
  return consistent ? units : units / 2
}

/** The requests as which SQS bills one. Source: SQS pricing, "each 64 KB chunk of a payload is billed as 1 request" */
export function sqsRequests(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (64 * kilobyte)))
}

/** An entry of PutEvents. */
export interface BusEntry {
  readonly Time?: unknown
  readonly Source?: string
  readonly DetailType?: string
  readonly Detail?: string
  readonly Resources?: readonly string[]
}

/** The bytes of an entry. Source: EventBridge user guide, "Calculating PutEvents event entry size" */
export function entrySize({ Time, Source, DetailType, Detail, Resources = [] }: BusEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources]
  const bytes = texts.map((text) => Buffer.byteLength(text ?? ''))
  return bytes.reduce((total, size) => total + size, Time === undefined ? 0 : 14)
}

/** The events as which EventBridge bills one. Source: EventBridge pricing, "each 64 KB chunk of payload is billed as 1 event" */
export function busEvents(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (64 * kilobyte)))
}

/** The bytes that CloudWatch Logs bills for a line. Source: API reference, PutLogEvents: 26 bytes for each event */
export function logBytes(message: string): number {
  return Buffer.byteLength(message) + 26
}

/** The GB-seconds of an invocation. Lambda bills by the millisecond. */
export function gigabyteSeconds(megabytes: number, milliseconds: number): number {
  return (megabytes / 1024) * (Math.ceil(milliseconds) / 1000)
}
