import { topologyOf } from '../bridge/topology.ts'
import { EcosError } from '../errors.ts'
import type { MoveCounts } from './mover.ts'
import { oldBinding } from './old-topology.ts'
import { obstaclesOf } from './plan.ts'
import { countsText, type Migration } from './step.ts'
import { type Survey, survey } from './survey.ts'
import { openTransfer, type Transfer } from './transfer.ts'

/**
 * Moves a tenant's queue over to the bridge. If it is interrupted, running it again finishes the work.
 *
 * The retry queue is emptied before the new queue is bound: until then expired messages return to the
 * old queue, where their copies are recognised, and not to the new queue, where each copy would count
 * as a message.
 *
 * @throws EcosError with an obstacle's code before anything was changed; `not-confirmed`,
 *   `broker-lost` or `broker-refused` when running it again helps
 */
export async function run(migration: Migration, deleteOld: boolean): Promise<MoveCounts> {
  const { broker, tenant, old, force, onStep } = migration
  const topology = topologyOf(tenant)
  const found = await survey(broker, old, topology)
  const [obstacle] = obstaclesOf(tenant, old, found).filter(({ forceable }) => !forceable || !force)
  if (obstacle) throw new EcosError(obstacle.code, obstacle.text)

  await broker.declare({ ...topology, bind: [], unbind: [] })
  onStep({ step: 'declared', text: `${topology.queue} declared` })

  const retryQueues = found.retryQueue ? [old.retryQueue] : []
  const workQueues = found.workQueue ? [old.workQueue] : []
  const transfer = await openTransfer({
    broker,
    tenant: tenant.id,
    target: topology.queue,
    sources: [...workQueues, ...retryQueues],
    exclusive: !force,
  })
  await unbindRetries(migration, found)
  await transfer.emptied(retryQueues)
  onStep({
    step: 'retry-emptied',
    text: `${old.retryQueue} is empty; so far ${countsText(transfer.counts())}`,
  })

  await switchToNew(migration, found, transfer)
  await transfer.emptied([...workQueues, ...retryQueues])
  await transfer.close()
  onStep({ step: 'moved', text: `${old.workQueue} is empty; ${countsText(transfer.counts())}` })

  if (deleteOld) await deleteParts(migration, found)
  return transfer.counts()
}

/** Skipped with `force`: a message that an old consumer still rejects would be dropped. */
async function unbindRetries({ broker, old, force, onStep }: Migration, found: Survey) {
  if (force || !found.retryQueue || !found.retryExchange) return
  await broker.unbind(old.retryQueue, old.retryExchange, oldBinding)
  onStep({
    step: 'retry-unbound',
    text: `${old.retryQueue} unbound from ${old.retryExchange}: it receives no more messages`,
  })
}

async function switchToNew(
  { broker, tenant, old, onStep }: Migration,
  found: Survey,
  transfer: Transfer,
): Promise<void> {
  const topology = topologyOf(tenant)
  await transfer.switchOver({
    exchange: topology.exchange,
    routingKeys: topology.bind,
    async bindTarget() {
      await broker.declare(topology)
      onStep({ step: 'new-bound', text: `${topology.queue} bound for ${topology.bind.join(', ')}` })
    },
    async unbindSource() {
      if (!found.workQueue) return
      await broker.unbind(old.workQueue, old.exchange, oldBinding)
      onStep({ step: 'old-unbound', text: `${old.workQueue} unbound from ${old.exchange}` })
    },
  })
}

/** The work queue goes last: while it exists, the command can be run again. */
async function deleteParts({ broker, old, onStep }: Migration, found: Survey): Promise<void> {
  const deleted = (name: string) => onStep({ step: 'deleted', text: `${name} deleted` })
  if (found.retryQueue) {
    await broker.deleteQueue(old.retryQueue)
    deleted(old.retryQueue)
  }
  if (found.retryExchange) {
    if (await broker.deleteExchange(old.retryExchange)) deleted(old.retryExchange)
    else {
      onStep({
        step: 'kept',
        text: `${old.retryExchange} kept: another queue of the tenant is bound to it`,
      })
    }
  }
  if (found.workQueue) {
    await broker.deleteQueue(old.workQueue)
    deleted(old.workQueue)
  }
}
