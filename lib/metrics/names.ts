import type { ChannelName } from '../channels/channel.ts'
import type { EventType } from '../events/catalogue.ts'

/**
 * Our metrics in CloudWatch. The functions write them by these names and the template's alarms and
 * dashboard read them by the same: CloudWatch tells nobody of a name that is never written.
 */
export const metricNamespace = 'ecos-eventbridge'

/** Powertools adds the dimension `service` to every metric. */
export const metricService = 'ecos-eventbridge'

/** Of a cell's bridge: the drains, the Amazon MQ function, the workers. */
export const bridgeMetrics = {
  /** Drains that ended well; of a worker, minutes in which events could flow. */
  Drains: 'Count',
  DrainDuration: 'Milliseconds',
  /** Messages by where they went. */
  Bridged: 'Count',
  Quarantined: 'Count',
  Unasked: 'Count',
  Returned: 'Count',
  DeadLettered: 'Count',
  /** Messages that are ready at the broker, of all the cell's tenants. */
  BrokerBacklog: 'Count',
  /** Messages in the broker's dead-letter queues, likewise. */
  BrokerDeadLetters: 'Count',
  /** PutEvents calls that failed in whole or in part, and how many of them were throttled. */
  BusFailures: 'Count',
  BusThrottles: 'Count',
} as const

/** Of the handler of one event type: events by what came of them. */
export const handlerMetrics = {
  EventsHandled: 'Count',
  DuplicateEvents: 'Count',
  RecipientsNotFound: 'Count',
  HandlingFailures: 'Count',
  HandlingDuration: 'Milliseconds',
} as const

/** Of the sender of one channel: notifications by what came of a try. */
export const senderMetrics = {
  Sent: 'Count',
  TransientFailures: 'Count',
  PermanentFailures: 'Count',
  AddressesGone: 'Count',
  /** Given up because their time was over. */
  Expired: 'Count',
  /** Tries that failed for a reason of our own, before or after the channel was asked. */
  SenderFailures: 'Count',
  DeliveryDuration: 'Milliseconds',
} as const

export const metricUnits = { ...bridgeMetrics, ...handlerMetrics, ...senderMetrics } as const

export type BridgeMetric = keyof typeof bridgeMetrics
export type HandlerMetric = keyof typeof handlerMetrics
export type SenderMetric = keyof typeof senderMetrics
export type MetricName = keyof typeof metricUnits

/** What tells one of our series from another: few values, so that few series are paid for. */
export interface MetricDimensions {
  readonly cell: string
  readonly type?: EventType
  readonly channel?: ChannelName
}
