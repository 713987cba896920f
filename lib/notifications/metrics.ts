import type { HandlerMetric, SenderMetric } from '../metrics/names.ts'
import type { WriteMetrics } from '../metrics/write-metrics.ts'
import type { Settled } from '../queue-function/ports.ts'
import type { NotifyOutcome } from './notify.ts'
import type { DeliverOutcome } from './work.ts'

const handlerOutcomes: Readonly<Record<NotifyOutcome | 'duplicate', HandlerMetric>> = {
  handled: 'EventsHandled',
  duplicate: 'DuplicateEvents',
  'recipients-not-found': 'RecipientsNotFound',
}

const senderOutcomes: Readonly<Partial<Record<DeliverOutcome, SenderMetric>>> = {
  sent: 'Sent',
  permanent: 'PermanentFailures',
  gone: 'AddressesGone',
  uncertain: 'UncertainDeliveries',
}

/** Codes of tries that had to wait: no failure. */
const waits: ReadonlySet<string> = new Set(['under-way', 'over-rate-limit'])

const senderFailures: Readonly<Record<string, SenderMetric>> = {
  'delivery-failed': 'TransientFailures',
  'delivery-uncertain': 'UncertainDeliveries',
  'notification-expired': 'Expired',
}

/** Writes the metrics of one try of a handler. */
export function handlerMetricsOf(write: WriteMetrics): (settled: Settled) => void {
  return ({ outcome, failure, milliseconds, about }) => {
    const metric = failure ? 'HandlingFailures' : handlerOutcomes[outcome as NotifyOutcome]
    write({ [metric]: 1, HandlingDuration: milliseconds }, about)
  }
}

/** Writes the metrics of one try of a sender, unless it was put back or had nothing to do. */
export function senderMetricsOf(write: WriteMetrics): (settled: Settled) => void {
  return ({ outcome, failure, milliseconds, about }) => {
    if (failure && waits.has(failure.code)) return
    const metric = failure
      ? (senderFailures[failure.code] ?? 'SenderFailures')
      : senderOutcomes[outcome as DeliverOutcome]
    if (metric === undefined) return
    // An expired notification uses up its remaining tries at once: only the last counts.
    if (metric === 'Expired' && !failure?.isLast) return
    write({ [metric]: 1, DeliveryDuration: milliseconds }, about)
  }
}
