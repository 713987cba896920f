import type { ChannelName } from '../channels/channel.ts'
import type { EventType } from '../events/catalogue.ts'

/**
 * Our namespace in CloudWatch. Functions, alarms and dashboard share the names of this file, because
 * CloudWatch does not report an alarm on a metric that nobody writes.
 */
export const metricNamespace = 'ecos-eventbridge'

/** Powertools adds the dimension `service` to every metric. */
export const metricService = 'ecos-eventbridge'

/** Metrics of a cell's bridge: the drains, the Amazon MQ function, the workers. */
export const bridgeMetrics = {
  /** Successful drains; of a worker, minutes in which it was ready. */
  Drains: 'Count',
  DrainDuration: 'Milliseconds',
  /** Messages by their outcome. */
  Bridged: 'Count',
  Quarantined: 'Count',
  Unasked: 'Count',
  Returned: 'Count',
  DeadLettered: 'Count',
  /** Messages ready at the broker, of all the cell's tenants. */
  BrokerBacklog: 'Count',
  /** Messages in the broker's dead-letter queues, of all the cell's tenants. */
  BrokerDeadLetters: 'Count',
  /** PutEvents calls that failed in whole or in part, and how many of them were throttled. */
  BusFailures: 'Count',
  BusThrottles: 'Count',
  /** How often the broker blocked publishing because of an alarm. */
  BrokerBlocked: 'Count',
  /** How often the broker refused to have a queue consumed. */
  ConsumeRefused: 'Count',
  /** How often the cell's tenants could not be read; those known before are kept. */
  TenantsUnreadable: 'Count',
} as const

/** Metrics of one event type's handler: events by their outcome. */
export const handlerMetrics = {
  EventsHandled: 'Count',
  DuplicateEvents: 'Count',
  RecipientsNotFound: 'Count',
  HandlingFailures: 'Count',
  HandlingDuration: 'Milliseconds',
} as const

/** Metrics of one channel's sender: deliveries by their outcome. */
export const senderMetrics = {
  Sent: 'Count',
  TransientFailures: 'Count',
  PermanentFailures: 'Count',
  AddressesGone: 'Count',
  /** Deliveries that ended without the provider's answer. */
  UncertainDeliveries: 'Count',
  /** Notifications given up at the end of their time to live. */
  Expired: 'Count',
  /** Tries that failed in our own code or stores, before or after the channel was called. */
  SenderFailures: 'Count',
  DeliveryDuration: 'Milliseconds',
  /** Of a delivery that was sent: since its message came into the channel's queue, with all tries and waits. */
  DeliveredIn: 'Milliseconds',
} as const

export const metricUnits = { ...bridgeMetrics, ...handlerMetrics, ...senderMetrics } as const

export type BridgeMetric = keyof typeof bridgeMetrics
export type HandlerMetric = keyof typeof handlerMetrics
export type SenderMetric = keyof typeof senderMetrics
export type MetricName = keyof typeof metricUnits

/** Few values, because every combination is a series that is paid for. */
export interface MetricDimensions {
  readonly cell: string
  readonly type?: EventType
  readonly channel?: ChannelName
}
