import { topologyOf } from '../bridge/topology.ts'
import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import type { MoveCounts } from './mover.ts'
import { oldBinding } from './old-topology.ts'
import { countsText, type Migration } from './step.ts'
import { type Survey, survey } from './survey.ts'
import { openTransfer } from './transfer.ts'

/**
 * Moves a tenant, and the messages that the bridge has not carried yet, back to the old queue. If it
 * is interrupted, running it again finishes the work.
 *
 * @throws EcosError `old-queue-gone` after the old queue was deleted; `queue-in-use` while a bridge
 *   consumes the new queue; `queue-differs` for a tenant of a pool
 */
export async function rollback(migration: Migration): Promise<MoveCounts> {
  const { broker, tenant, old, force, onStep } = migration
  const topology = topologyOf(tenant)
  const found = await survey(broker, old, topology)
  requirePossible(migration, found)
  // Refused for a tenant whose events go to a pool.
  if (await broker.hasExchange(topology.entrance)) {
    await broker.declare({ ...topology, bind: [], unbind: [] })
  }

  await bindRetries(migration, found)
  if (!found.newQueue) {
    await broker.bind(old.workQueue, old.exchange, oldBinding)
    onStep({ step: 'old-bound', text: `${old.workQueue} bound to ${old.exchange}` })
    return { moved: 0, copies: 0 }
  }
  const transfer = await openTransfer({
    broker,
    tenant: tenant.id,
    target: old.workQueue,
    sources: [topology.queue],
    exclusive: !force,
  })
  await transfer.switchOver({
    exchange: old.exchange,
    routingKeys: [oldBinding],
    async bindTarget() {
      await broker.bind(old.workQueue, old.exchange, oldBinding)
      onStep({ step: 'old-bound', text: `${old.workQueue} bound to ${old.exchange}` })
    },
    async unbindSource() {
      for (const type of eventTypes) await broker.unbind(topology.queue, old.exchange, type)
      onStep({ step: 'new-unbound', text: `${topology.queue} unbound from ${old.exchange}` })
    },
  })
  await transfer.emptied([topology.queue])
  await transfer.close()
  onStep({ step: 'moved', text: `${topology.queue} is empty; ${countsText(transfer.counts())}` })
  const setAside = found.deadLetterQueue?.messages ?? 0
  if (setAside > 0) {
    onStep({
      step: 'dead-letters',
      text: `${topology.deadLetterQueue} keeps ${setAside} dead letters of the bridge`,
    })
  }
  return transfer.counts()
}

function requirePossible({ tenant, old, force }: Migration, found: Survey): void {
  if (!found.workQueue) {
    throw new EcosError(
      'old-queue-gone',
      `${old.workQueue} does not exist: after run --delete-old there is no way back`,
    )
  }
  const consumers = found.newQueue?.consumers ?? 0
  if (consumers > 0 && !force) {
    throw new EcosError(
      'queue-in-use',
      `${topologyOf(tenant).queue} is consumed (consumers: ${consumers}): take tenant ${tenant.id} off the bridge first, or compete with it with --force`,
    )
  }
}

/** The retry exchange is not durable: a restart of the broker deletes it. */
async function bindRetries({ broker, old, onStep }: Migration, found: Survey): Promise<void> {
  if (!found.retryQueue) {
    onStep({
      step: 'retry-absent',
      text: `${old.retryQueue} is gone: the old consumers declare it when they start`,
    })
    return
  }
  await broker.declareRetryExchange(old.retryExchange)
  await broker.bind(old.retryQueue, old.retryExchange, oldBinding)
  onStep({ step: 'retry-bound', text: `${old.retryQueue} bound to ${old.retryExchange}` })
}
