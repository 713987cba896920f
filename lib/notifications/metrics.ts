import type { HandlerMetric, SenderMetric } from '../metrics/names.ts'
import type { WriteMetrics } from '../metrics/write-metrics.ts'
import type { Settled } from '../queue-function/queue-function.ts'
import type { DeliverOutcome } from './deliver.ts'
import type { NotifyOutcome } from './notify.ts'

const handlerOutcomes: Readonly<Record<NotifyOutcome | 'duplicate', HandlerMetric>> = {
  handled: 'EventsHandled',
  duplicate: 'DuplicateEvents',
  'recipients-not-found': 'RecipientsNotFound',
}

const senderOutcomes: Readonly<Partial<Record<DeliverOutcome, SenderMetric>>> = {
  sent: 'Sent',
  permanent: 'PermanentFailures',
  gone: 'AddressesGone',
}

const senderFailures: Readonly<Record<string, SenderMetric>> = {
  'delivery-failed': 'TransientFailures',
  'notification-expired': 'Expired',
}

/** What a handler's function tells of an event that it is done with, as metrics. */
export function handlerMetricsOf(write: WriteMetrics): (settled: Settled) => void {
  return ({ outcome, failure, milliseconds, about }) => {
    const metric = failure ? 'HandlingFailures' : handlerOutcomes[outcome as NotifyOutcome]
    write({ [metric]: 1, HandlingDuration: milliseconds }, about)
  }
}

/** The same, of a try of a sender. One that was put back or had nothing to do was no try. */
export function senderMetricsOf(write: WriteMetrics): (settled: Settled) => void {
  return ({ outcome, failure, milliseconds, about }) => {
    const metric = failure
      ? (senderFailures[failure.code] ?? 'SenderFailures')
      : senderOutcomes[outcome as DeliverOutcome]
    if (metric === undefined) return
    // What is out of time spends the tries that are left at once: it counts at the last.
    if (metric === 'Expired' && !failure?.isLast) return
    write({ [metric]: 1, DeliveryDuration: milliseconds }, about)
  }
}
