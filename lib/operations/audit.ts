import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { EcosError } from '../errors.ts'

/** What an operator can do to notifications, addresses and dead letters. */
export const auditActions = [
  'notification.resend',
  'notification.cancel',
  'notification.test',
  'address.switch-off',
  'address.switch-on',
  'letters.redrive',
  'letters.purge',
] as const
export type AuditAction = (typeof auditActions)[number]

/** Who acts: CloudTrail knows the identity of the calls to AWS at most, and not the person behind a shared role. */
export const operator = z.object({
  /** The account of the operating system, with the host. */
  user: z.string(),
  /** The ARN of the AWS identity, or the id of its access key. */
  identity: z.string(),
  via: z.enum(['console', 'command']),
})
export type Operator = Readonly<z.infer<typeof operator>>

/** An action and what it is about. Has no address, no text and no secret. */
export const deed = z.object({
  action: z.enum(auditActions),
  tenant: z.string().optional(),
  username: z.string().optional(),
  channel: z.string().optional(),
  eventType: z.string().optional(),
  eventId: z.string().optional(),
  notificationId: z.string().optional(),
  /** Of dead letters; of notifications that were sent again, the state that they had. */
  cause: z.string().optional(),
  queue: z.string().optional(),
  /** How many are meant. */
  wanted: z.number().optional(),
})
export type Deed = Readonly<z.infer<typeof deed>>

/** `begun` of an action whose end is not on record: it is under way, or whoever did it was interrupted. */
export const auditRecord = deed.extend({
  /** Unique, and sorts by time. */
  id: z.string(),
  /** ISO 8601, in UTC. */
  at: z.string(),
  operator,
  outcome: z.enum(['begun', 'done', 'failed']),
  /** How many it has changed. */
  done: z.number().optional(),
  /** The code of the error, or what became of it. */
  result: z.string().optional(),
})
export type AuditRecord = Readonly<z.infer<typeof auditRecord>>

/** The id of a record: where a list goes on. */
export const auditPlace = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f]{8}$/

export interface AuditFilter {
  readonly tenant?: string | undefined
  /** ISO 8601: records from then on. */
  readonly from?: string | undefined
  /** The id of the last record of the page before. */
  readonly before?: string | undefined
  readonly limit: number
}

export interface AuditPage {
  /** The latest first. */
  readonly records: readonly AuditRecord[]
  /** Where the next page starts; absent on the last one. */
  readonly before?: string
}

export interface AuditBook {
  put(record: AuditRecord): Promise<void>
  list(filter: AuditFilter): Promise<AuditPage>
}

export interface Audit {
  readonly book: Pick<AuditBook, 'put'>
  who(): Promise<Operator>
  /** Writes a line to the log, without the names that the record has. */
  log(record: LoggedRecord): void
}

/** Logs have no person's user name but the operator's own. */
export type LoggedRecord = Omit<AuditRecord, 'username'>

/** The end of an action, as the record says it. */
export type DeedEnd = Pick<AuditRecord, 'done' | 'result'>

/**
 * Does what an operator asks for, on record: nothing is done that could not be put on record before. If only the
 * end can't be recorded, the record stays at `begun`, and the log says how it ended.
 *
 * @param endOf what the record says of the result
 */
export async function audited<T>(
  { book, who, log }: Audit,
  what: Deed,
  work: () => Promise<T>,
  endOf: (result: T) => DeedEnd = () => ({}),
): Promise<T> {
  const at = new Date().toISOString()
  const id = `${at}#${randomBytes(4).toString('hex')}`
  const begun: AuditRecord = { ...what, id, at, operator: await who(), outcome: 'begun' }
  await book.put(begun)
  const end = async (outcome: 'done' | 'failed', more: DeedEnd) => {
    const record: AuditRecord = { ...begun, outcome, ...more }
    log(withoutName(record))
    await book.put(record).catch(() => undefined)
  }
  try {
    const result = await work()
    await end('done', endOf(result))
    return result
  } catch (error) {
    await end('failed', { result: error instanceof EcosError ? error.code : 'failed' })
    throw error
  }
}

function withoutName({ username: _, ...record }: AuditRecord): LoggedRecord {
  return record
}
