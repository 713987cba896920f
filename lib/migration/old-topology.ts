import { EcosError } from '../errors.ts'

/** What the old consumers of a tenant have at the broker for one of their queues. */
export interface OldTopology {
  readonly tenant: string
  /** ECOS's own exchange, to which the old and the new queue are bound. */
  readonly exchange: string
  /** Bound by `#`; what fails in it is dead-lettered to the retry exchange. */
  readonly workQueue: string
  /** One for the tenant: all its old queues share it. */
  readonly retryExchange: string
  /** Its messages expire after some minutes, and return to the tenant's exchange. */
  readonly retryQueue: string
}

/** The routing key by which the old queues are bound: everything. */
export const oldBinding = '#'

/** The queue of ECOS's notification service. */
export const defaultQueueName = 'notification'

/** @throws EcosError `invalid-queue-name` when it would name a queue of the bridge or a retry queue */
export function oldTopologyOf(tenant: string, queueName: string): OldTopology {
  if (!/^[\w.-]+$/.test(queueName) || /^eventbridge|_retry$/.test(queueName)) {
    throw new EcosError(
      'invalid-queue-name',
      `"${queueName}" can't be the name of an old work queue: give NAME of tenant.${tenant}.NAME`,
    )
  }
  const exchange = `tenant.${tenant}.events`
  const workQueue = `tenant.${tenant}.${queueName}`
  return {
    tenant,
    exchange,
    workQueue,
    retryExchange: `${exchange}._retry`,
    retryQueue: `${workQueue}._retry`,
  }
}
