import type { BusClient } from '../lib/aws/bus/open-bus.ts'
import { EcosError } from '../lib/errors.ts'
import type { EventType } from '../lib/events/catalogue.ts'
import { defaultPartitions } from '../lib/tenants/partition.ts'
import { placeInPools, type QueueLayout } from '../lib/tenants/pools.ts'
import type { Tenant } from '../lib/tenants/tenants-file.ts'
import { cpuOf } from './stack/processes.ts'
import { resetStub } from './stub-report.ts'

/** The work of a contender. */
export interface Job {
  readonly stubUrl: string
  readonly amqpUrl: string
  /** Number of tenants whose queues hold the events. */
  readonly tenants: number
  /** Whether they have a queue each, or one for those of a partition (default own). */
  readonly queues?: QueueLayout
  /** Into how many pools the tenants go in turn (default: into those of their ids). */
  readonly pools?: number
  readonly events: number
  /** PutEvents calls in flight. */
  readonly calls: number
  readonly client: BusClient
  /** The broker's process, whose CPU time counts too. */
  readonly brokerPid?: number | undefined
}

/** The resources that a contender's process used. */
export interface Cost {
  /** Microseconds of the machine's monotonic clock. */
  readonly startedMicros: number
  readonly endedMicros: number
  readonly cpuMicros: number
  /** Of the broker meanwhile; 0 if its process is not known. */
  readonly brokerCpuMicros: number
  readonly peakMegabytes: number
}

const types: EventType[] = ['task.create', 'task.assign', 'task.complete', 'task.delete']

/**
 * Tenants with own queues and pooled ones have ids of their own, and those with chosen pools too: no run has to
 * change any over.
 */
export function benchTenants(count: number, queues: QueueLayout = 'own', pools?: number): Tenant[] {
  const prefix = ['bench', queues === 'pooled' && 'pooled', pools].filter(Boolean).join('-')
  const tenants = Array.from({ length: count }, (_, index) => ({
    ...benchTenant(`${prefix}-${index}`),
    ...(pools !== undefined && { partition: index % pools }),
  }))
  return placeInPools(tenants, { QUEUES: queues, PARTITIONS: defaultPartitions })
}

/** The tenant whose events warm a contender up before it is measured. */
export const warmUpTenant = benchTenant('bench-warm-up')
export const warmUpEvents = 5_000

function benchTenant(id: string): Tenant {
  return { id, events: types, locale: 'ru', cell: 'main' }
}

/** Reads the job of this process. */
export function readJob(): Job {
  const job = process.argv[2]
  if (job === undefined)
    throw new EcosError('no-job', 'This process has no job: run npm run bench, which starts it')
  return JSON.parse(job) as Job
}

/** Does the work and sends its cost to the parent process. */
export async function measure(job: Job, work: () => Promise<void>): Promise<void> {
  await resetStub(job.stubUrl)
  const startedMicros = nowMicros()
  const before = process.cpuUsage()
  const brokerCpu = () => (cpuOf(job.brokerPid ?? 0) ?? 0) / 1000
  const brokerBefore = brokerCpu()
  await work()
  const endedMicros = nowMicros()
  const { user, system } = process.cpuUsage(before)
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  const cost: Cost = {
    ...{ startedMicros, endedMicros, cpuMicros: user + system, peakMegabytes },
    brokerCpuMicros: brokerCpu() - brokerBefore,
  }
  await new Promise((sent) => process.send?.(cost, sent))
  process.disconnect()
}

/** Microseconds of the machine's monotonic clock. */
export function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n)
}
