import { type Topology, topologyOf } from '../bridge/topology.ts'
import type { Tenant } from '../tenants/tenants-file.ts'
import type { QueueCounts } from './migration-broker.ts'
import { type OldTopology, oldBinding } from './old-topology.ts'
import type { Survey } from './survey.ts'
import { passageTo } from './transfer.ts'

/** A reason for `run` to refuse. `--force` overrides a forceable one, which loses no message. */
export interface Obstacle {
  readonly code: 'nothing-to-migrate' | 'nothing-enabled' | 'queue-in-use'
  readonly text: string
  readonly forceable: boolean
}

export interface Part extends Partial<QueueCounts> {
  readonly name: string
  readonly found: boolean
}

export interface Plan {
  readonly tenant: string
  readonly parts: readonly Part[]
  readonly steps: readonly string[]
  /** Consequences that only the operator can judge. */
  readonly notes: readonly string[]
  readonly obstacles: readonly Obstacle[]
}

export function planOf(tenant: Tenant, old: OldTopology, found: Survey): Plan {
  const topology = topologyOf(tenant)
  return {
    tenant: tenant.id,
    parts: [
      { name: old.workQueue, found: found.workQueue !== undefined, ...found.workQueue },
      { name: old.retryExchange, found: found.retryExchange },
      { name: old.retryQueue, found: found.retryQueue !== undefined, ...found.retryQueue },
      { name: topology.queue, found: found.newQueue !== undefined, ...found.newQueue },
    ],
    steps: stepsOf(topology, old),
    notes: notesOf(topology, found),
    obstacles: obstaclesOf(tenant, old, found),
  }
}

export function obstaclesOf(tenant: Tenant, old: OldTopology, found: Survey): Obstacle[] {
  const obstacles: Obstacle[] = []
  if (!found.workQueue && !found.retryQueue) {
    obstacles.push({
      code: 'nothing-to-migrate',
      text: `There is no queue ${old.workQueue} on this broker: check --tenant, --queue and the virtual host in AMQP_URL`,
      forceable: false,
    })
  }
  if (tenant.events.length === 0) {
    obstacles.push({
      code: 'nothing-enabled',
      text: `Tenant ${tenant.id} has no event type turned on, so its events would go nowhere: turn some on in the tenants file`,
      forceable: false,
    })
  }
  for (const [queue, state] of [
    [old.workQueue, found.workQueue],
    [old.retryQueue, found.retryQueue],
  ] as const) {
    if (state && state.consumers > 0) {
      obstacles.push({
        code: 'queue-in-use',
        text: `${queue} is consumed (consumers: ${state.consumers}): stop the old consumers first, or compete with them with --force`,
        forceable: true,
      })
    }
  }
  return obstacles
}

function stepsOf(topology: Topology, old: OldTopology): string[] {
  return [
    `declare ${topology.queue}, and the exchange ${passageTo(topology.queue)} that routes to it alone`,
    `unbind ${old.retryQueue} from ${old.retryExchange} (not with --force)`,
    `move the messages in ${old.workQueue} and ${old.retryQueue} until the retry queue is empty`,
    `bind ${topology.queue} to ${topology.exchange} for ${topology.bind.join(', ')}`,
    `unbind ${old.workQueue} (${oldBinding}) from ${topology.exchange}`,
    `move the remaining messages until both old queues are empty`,
    `with --delete-old: delete ${old.retryQueue}, ${old.retryExchange} and ${old.workQueue} if empty and unused`,
  ]
}

function notesOf({ unbind, queue }: Topology, found: Survey): string[] {
  const notes: string[] = []
  if (unbind.length > 0) {
    notes.push(
      `${unbind.join(', ')} are not turned on: after the switch the bridge's queues do not receive them. Messages in the old queues are moved whatever their type`,
    )
  }
  if (found.newQueue) {
    notes.push(
      `${queue} exists already. If the bridge has bound it, events since then are in both queues and reach the bus twice, with one event id`,
    )
  }
  if (found.retryQueue && !found.retryExchange) {
    notes.push('The retry exchange is gone: messages that the old consumers reject now are lost')
  }
  return notes
}
