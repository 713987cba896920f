import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { EcosError } from '../../lib/errors.ts'
import { declareQueues, fill } from '../backlog.ts'
import { benchTenants, type Cost, warmUpTenant } from '../job.ts'
import type { Stub } from '../processes.ts'
import { readStub } from '../stub-report.ts'
import type { Command } from './install.ts'

/** A consumer in another language. */
export interface Other {
  readonly name: string
  readonly command: Command
  readonly events: number
  readonly warmUpEvents: number
  /** PutEvents calls in flight. */
  readonly calls: number
}

export interface Measured {
  readonly name: string
  readonly perSecond: number
  readonly cpuPerEvent: number
  readonly peakMegabytes: number
}

/** Fills its queues, and runs it until all events are on the bus. */
export async function runOther(
  { name, command, events, warmUpEvents, calls }: Other,
  stub: Stub,
  amqpUrl: string,
): Promise<Measured> {
  const tenants = benchTenants(1)
  await declareQueues(amqpUrl, [warmUpTenant, ...tenants])
  await fill(amqpUrl, [warmUpTenant], warmUpEvents)
  await fill(amqpUrl, tenants, events)
  const [queue] = tenants.map((tenant) => topologyOf(tenant).queue)
  const warmUpQueue = topologyOf(warmUpTenant).queue
  const job = { amqpUrl, stubUrl: stub.url, queue, events, warmUpQueue, warmUpEvents, calls }
  const cost = await costOf(name, command, JSON.stringify(job))
  const { entries, lastMicros } = await readStub(stub.url)
  if (entries !== events) {
    throw new EcosError('contender-failed', `${name} sent ${entries} of ${events} events`)
  }
  return {
    name,
    perSecond: (events / (lastMicros - cost.startedMicros)) * 1e6,
    cpuPerEvent: cost.cpuMicros / events,
    peakMegabytes: cost.peakMegabytes,
  }
}

/** Its cost is the last line that it prints. */
async function costOf(name: string, [program, ...args]: Command, job: string): Promise<Cost> {
  const child = spawn(program, [...args, job], {
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const failure = `${name} ended early (${signal ?? code})`
      if (code === 0) resolve()
      else reject(new EcosError('contender-failed', failure))
    })
  })
  const [printed] = await Promise.all([text(child.stdout), ended])
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Cost
}
