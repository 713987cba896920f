import { EcosError } from '../errors.ts'

/** One of a tenant's old queues at the broker, with its retry queue. */
export interface OldTopology {
  readonly tenant: string
  /** ECOS's own exchange, to which both the old and the new queue are bound. */
  readonly exchange: string
  /** Bound by `#`; rejected messages are dead-lettered to the retry exchange. */
  readonly workQueue: string
  /** Shared by all old queues of the tenant. */
  readonly retryExchange: string
  /** Its messages expire after some minutes and return to the tenant's exchange. */
  readonly retryQueue: string
}

/** The old queues are bound to every routing key. */
export const oldBinding = '#'

/** The queue of ECOS's notification service. */
export const defaultQueueName = 'notification'

/** @throws EcosError `invalid-queue-name` for the name of a bridge queue or a retry queue */
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
