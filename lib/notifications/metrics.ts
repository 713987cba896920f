import type { HandlerMetric, SenderMetric } from '../metrics/names.ts'
import type { MetricFields } from '../metrics/write-metrics.ts'
import type { SettledMetrics } from '../queue-function/ports.ts'
import type { NotifyOutcome } from './notify.ts'
import type { DeliverOutcome } from './work.ts'

const handlerOutcomes: Readonly<Partial<Record<NotifyOutcome, HandlerMetric>>> = {
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

/** The code of a try that had to wait: no failure. */
const underWay = 'under-way'

const senderFailures: Readonly<Record<string, SenderMetric>> = {
  'delivery-failed': 'TransientFailures',
  'delivery-uncertain': 'UncertainDeliveries',
  'notification-expired': 'Expired',
}

/** The metrics of one try of a handler. */
export function handlerMetricsOf(fieldsOf: MetricFields): SettledMetrics {
  return ({ outcome, failure, milliseconds }) => {
    const metric = failure ? 'HandlingFailures' : handlerOutcomes[outcome as NotifyOutcome]
    // An event that is told in parts counts once, with its last part.
    return fieldsOf({ ...(metric && { [metric]: 1 }), HandlingDuration: milliseconds })
  }
}

/** The metrics of one try of a sender, unless it was put back or had nothing to do. */
export function senderMetricsOf(fieldsOf: MetricFields): SettledMetrics {
  return ({ outcome, failure, milliseconds, sinceSent }) => {
    if (failure?.code === underWay) return undefined
    const metric = failure
      ? (senderFailures[failure.code] ?? 'SenderFailures')
      : senderOutcomes[outcome as DeliverOutcome]
    if (metric === undefined) return undefined
    // An expired notification uses up its remaining tries at once: only the last counts.
    if (metric === 'Expired' && !failure?.isLast) return undefined
    return fieldsOf({
      [metric]: 1,
      DeliveryDuration: milliseconds,
      ...(metric === 'Sent' && { DeliveredIn: sinceSent }),
    })
  }
}
