import type { Delivery } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { afterDelivery } from './after-delivery.ts'
import { type ConcludePorts, conclude, keepContent } from './conclude.ts'
import type { NotificationState } from './notification.ts'
import type { DeliveryRecord } from './store.ts'
import { type DeliverOutcome, givenUp, underWay, type Work } from './work.ts'

/** When a delivery ended, and how long it took if that is known. */
interface DeliveryTime {
  readonly at: Date
  readonly tookMs?: number
}

/**
 * Records a delivery and what follows from it.
 *
 * @throws EcosError `delivery-failed`, `delivery-uncertain`; `under-way` if another sender has the
 *   notification by now
 */
export async function settleDelivery(
  work: Work,
  delivery: Delivery,
  time: DeliveryTime,
  ports: ConcludePorts,
): Promise<DeliverOutcome> {
  const { next, state, reason = '' } = afterDelivery(delivery, work, ports.retry)
  const record = asRecord(delivery, time)
  if (delivery.outcome === 'gone') await switchOff(work, delivery.reason, record, ports)
  const about = { state, ...(reason && { reason }), delivery: record }
  if (typeof next === 'object') {
    const isUnknown = delivery.outcome === 'unknown'
    const nextAt = new Date(ports.now().getTime() + next.again * 1000).toISOString()
    const outcome = {
      ...{ ...about, delivery: { ...record, nextAt }, goesOn: true },
      ...(isUnknown && { notBefore: nextAt }),
    }
    const settled = await conclude(work, outcome, ports)
    if (settled !== state) return overtaken(settled, ports)
    const code = isUnknown ? 'delivery-uncertain' : 'delivery-failed'
    throw new EcosError(code, `Not delivered by ${work.queued.channel}: ${reason}`, {
      retryable: true,
      retryAfterSeconds: next.again,
    })
  }
  let isKept = state === 'SENT'
  try {
    isKept ||= await keepContent(work, ports)
  } catch (error) {
    // The message has its content, and takes it to the dead-letter queue.
    if (next !== 'dead-letter') {
      await conclude(work, { ...about, delivery: { ...record, isLast: true }, goesOn: true }, ports)
      throw error
    }
  }
  const settled = await conclude(work, about, ports)
  if (settled !== state) return overtaken(settled, ports)
  if (next === 'dead-letter' || !isKept) throw givenUp(work.queued, reason)
  return outcomeOf(delivery, state)
}

/** Ends a notification whose last delivery is on record already. */
export async function endAfter(
  { outcome, reason = '' }: DeliveryRecord,
  work: Work,
  ports: ConcludePorts,
): Promise<DeliverOutcome> {
  const { state } = work.record
  const isKept = await keepContent(work, ports)
  const settled = await conclude(work, { state, ...(reason && { reason }) }, ports)
  if (settled !== state) return overtaken(settled, ports)
  if (!isKept) throw givenUp(work.queued, reason)
  return outcomeOf({ outcome }, state)
}

/** If this fails, the provider's refusal is on record and the next try repeats it. */
async function switchOff(
  work: Work,
  reason: string,
  delivery: DeliveryRecord,
  ports: ConcludePorts,
): Promise<void> {
  try {
    const place = { ...work.record, madeAt: work.queued.queuedAt }
    await ports.subscriptions.switchOff(place, reason)
  } catch (error) {
    const state = work.unknowns > 0 ? 'UNCERTAIN' : 'WAIT_FOR_DISPATCH'
    await conclude(work, { state, reason, delivery, goesOn: true }, ports)
    throw error
  }
}

/** The notification was cancelled or sent meanwhile, or another sender has claimed it. */
function overtaken(state: NotificationState, { now }: ConcludePorts): DeliverOutcome {
  if (state === 'CANCELLED') return 'cancelled'
  if (state === 'SENT') return 'already-sent'
  throw underWay(now().toISOString(), now())
}

function outcomeOf(
  { outcome }: Pick<Delivery, 'outcome'>,
  state: NotificationState,
): DeliverOutcome {
  if (state === 'UNCERTAIN') return 'uncertain'
  return outcome === 'sent' || outcome === 'gone' ? outcome : 'permanent'
}

function asRecord(delivery: Delivery, { at, tookMs }: DeliveryTime): DeliveryRecord {
  const { outcome } = delivery
  const about = { at: at.toISOString(), outcome, ...(tookMs !== undefined && { tookMs }) }
  if (outcome !== 'sent') return { ...about, reason: delivery.reason }
  const { providerId } = delivery
  return { ...about, ...(providerId !== undefined && { providerId }) }
}
