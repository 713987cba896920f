import type { BusClient } from '../lib/aws/bus/open-bus.ts'
import { EcosError } from '../lib/errors.ts'
import type { EventType } from '../lib/events/catalogue.ts'
import type { Tenant } from '../lib/tenants/tenants-file.ts'
import { resetStub } from './stub-report.ts'

/** What a contender is told to do, in a process of its own. */
export interface Job {
  readonly stubUrl: string
  readonly amqpUrl: string
  /** Tenants whose queues hold the events. */
  readonly tenants: number
  readonly events: number
  /** PutEvents calls in flight at once. */
  readonly calls: number
  readonly client: BusClient
}

/** What the work cost the contender's process. */
export interface Cost {
  /** By the machine's monotonic clock. */
  readonly startedMicros: number
  readonly endedMicros: number
  readonly cpuMicros: number
  readonly peakMegabytes: number
}

const types: EventType[] = ['task.create', 'task.assign', 'task.complete', 'task.delete']

export function benchTenants(count: number): Tenant[] {
  return Array.from({ length: count }, (_, index) => benchTenant(`bench-${index}`))
}

/** The one whose events make a contender warm, before it is measured. */
export const warmUpTenant = benchTenant('bench-warm-up')
export const warmUpEvents = 5_000

function benchTenant(id: string): Tenant {
  return { id, events: types, locale: 'ru', cell: 'main' }
}

/** The job of this process. */
export function ownJob(): Job {
  const job = process.argv[2]
  if (job === undefined) throw new EcosError('no-job', 'Started by bench/run.ts alone')
  return JSON.parse(job) as Job
}

/** Does the work and tells the parent process what it cost. */
export async function measure(job: Job, work: () => Promise<void>): Promise<void> {
  await resetStub(job.stubUrl)
  const startedMicros = nowMicros()
  const before = process.cpuUsage()
  await work()
  const endedMicros = nowMicros()
  const { user, system } = process.cpuUsage(before)
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  const cost: Cost = { startedMicros, endedMicros, cpuMicros: user + system, peakMegabytes }
  await new Promise((sent) => process.send?.(cost, sent))
  process.disconnect()
}

function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n)
}
