import { type Topology, topologiesOf } from '../../bridge/topology.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import { examine, type Finding, few, ok, wrong } from './finding.ts'
import { examineRabbitMq } from './versions.ts'

/**
 * A tenant's queues at the broker against what the bridge would declare, as far as AMQP tells. `elsewhere`: its
 * events go to another queue than its cell's setting says.
 */
export type QueueMatch = 'same' | 'absent' | 'differs' | 'elsewhere'

/** Questions to the broker that declare and change nothing. */
export interface BrokerExam {
  readonly version: string
  /** Whether ECOS's exchange exists. */
  hasExchange(topology: Topology): Promise<boolean>
  /** Compares the tenant's queue and its dead-letter queue with what the bridge declares. */
  compareQueues(topology: Topology): Promise<QueueMatch>
}

/** Checks the broker's version and the tenants' queues. */
export async function examineBroker(
  tenants: readonly Tenant[],
  broker: BrokerExam,
): Promise<Finding[]> {
  const queues = await examine('broker queues', () => statesOf(tenants, broker), compareQueues)
  return [examineRabbitMq(broker.version), ...queues]
}

interface TenantState {
  readonly tenant: string
  readonly exchange: boolean
  readonly queue: QueueMatch
}

async function statesOf(tenants: readonly Tenant[], broker: BrokerExam): Promise<TenantState[]> {
  const states: TenantState[] = []
  for (const topology of tenants.flatMap(topologiesOf)) {
    const exchange = await broker.hasExchange(topology)
    const queue = await broker.compareQueues(topology)
    states.push({ tenant: topology.tenant, exchange, queue })
  }
  return states
}

function compareQueues(states: readonly TenantState[]): Finding[] {
  const subject = 'broker queues'
  const problems = [
    [
      states.filter(({ queue }) => queue === 'differs'),
      'have a queue with other arguments than ours: move its messages away and delete it; the next drain declares it again',
    ],
    [
      states.filter(({ queue }) => queue === 'absent'),
      'have no queue yet: the next drain or worker that reaches this broker declares it',
    ],
    [
      states.filter(({ queue }) => queue === 'elsewhere'),
      'have their events in another queue than QUEUES and PARTITIONS say: run `ecos-eventbridge bridge change-over`, or correct the settings',
    ],
    [
      states.filter(({ exchange }) => !exchange),
      'have no exchange here: is this the broker, and the virtual host, of their ECOS?',
    ],
  ] as const
  const findings = problems.flatMap(([found, problem]) => {
    const names = [...new Set(found.map(({ tenant }) => tenant))]
    return names.length > 0 ? [wrong(subject, `${few(names)} ${problem}`)] : []
  })
  return findings.length > 0
    ? findings
    : [ok(subject, `${states.length}, with our arguments; AMQP does not tell their bindings`)]
}
