import type { RetryPolicy } from '../channels/retry-policy.ts'
import { type ForgetPorts, forgetReminder } from './forget-reminder.ts'
import type { KeptNotifications } from './kept.ts'
import type { NotificationState } from './notification.ts'
import { announce, type ResultPorts } from './results.ts'
import {
  isResult,
  type NotificationRecord,
  type NotificationStore,
  type Outcome,
  type StateChange,
} from './store.ts'
import { subjectClosed } from './subject.ts'
import type { SubscriptionSwitch } from './subscriptions/switch-off.ts'
import type { Work } from './work.ts'

export interface ConcludePorts extends ResultPorts, ForgetPorts {
  readonly notifications: Pick<NotificationStore, 'find' | 'change' | 'settle' | 'announced'>
  readonly kept: Pick<KeptNotifications, 'forget' | 'keep'>
  readonly retry: RetryPolicy
  readonly subscriptions: SubscriptionSwitch
  /** Called for a result that could not be announced now. */
  onUnannounced(record: NotificationRecord, error: unknown): void
  now(): Date
}

/**
 * Records the outcome, also of a digest's members, and announces a result if its tenant asks for that.
 *
 * @returns the state that the notification has then: another one if it was cancelled or sent meanwhile, or
 *   has passed to another sender
 */
export async function conclude(
  { record, messageId: endedBy }: Pick<Work, 'record' | 'messageId'>,
  outcome: Outcome,
  ports: ConcludePorts,
): Promise<NotificationState> {
  const { delivery, goesOn } = outcome
  const state = (await ports.notifications.settle(record, { ...outcome, endedBy })) ?? outcome.state
  const isOurs = state === outcome.state
  if (isOurs && goesOn) return state
  await forgetReminder(record, state, ports)
  const reason = isOurs ? outcome.reason : subjectClosed
  if (isOurs) await shareEnd(record, { state, ...(reason && { reason }) }, ports)
  const isCancelled = state === 'CANCELLED' && delivery !== undefined
  if (record.announce && ((isOurs && isResult(state)) || isCancelled)) {
    const deliveries = delivery ? [...record.deliveries, delivery] : record.deliveries
    const attempts = record.attempts + (delivery ? 1 : 0)
    const { reason: _, ...rest } = record
    const result = { ...rest, state, ...(reason && { reason }), deliveries, attempts }
    await announce(result, ports).catch((error) => ports.onUnannounced(result, error))
  }
  return state
}

/**
 * Keeps what was not delivered, for `notifications resend`.
 *
 * @returns false if the store fails at the last receive: then the message has to rest in the dead-letter queue
 * @throws the store's error at any other receive: the message comes back, and is not delivered again
 */
export async function keepContent(
  { queued, isLastReceive }: Work,
  { kept }: ConcludePorts,
): Promise<boolean> {
  if (queued.isKept) return true
  try {
    await kept.keep(queued)
    return true
  } catch (error) {
    if (isLastReceive) return false
    throw error
  }
}

/** A digest's members get the digest's state. May be repeated. */
export async function shareEnd(
  { members = [] }: NotificationRecord,
  change: StateChange,
  { notifications }: ConcludePorts,
): Promise<void> {
  for (const key of members) {
    const member = await notifications.find(key)
    if (member && member.state !== change.state) await notifications.change(member, change)
  }
}
