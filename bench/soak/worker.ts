import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { WorkerStatus } from '../../lib/bridge/worker/status.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { writeTenants } from '../../local/demo/run-tenants.ts'
import { freePort } from '../../local/ports.ts'
import { leanWorker } from '../contenders.ts'
import { ask, bundles, environmentOf } from '../processes.ts'
import type { Inside } from './probe.ts'

export interface SoakedWorker {
  readonly pid: number
  status(): Promise<WorkerStatus>
  inside(): Promise<Inside>
  /** Ends it with SIGTERM, if it has not ended. @returns its exit code */
  stop(): Promise<number | null>
}

const lookEvery = 100

/** Starts `ecos-eventbridge bridge run` as the npm package has it, and waits until it is ready. */
export async function startWorker(
  amqpUrl: string,
  stubUrl: string,
  tenants: readonly Tenant[],
): Promise<SoakedWorker> {
  const port = await freePort()
  const tenantsFile = join(bundles, 'soak-tenants.yml')
  await writeTenants(tenantsFile, tenants)
  const logFile = join(bundles, 'soak-worker.log')
  const log = openSync(logFile, 'w')
  const child = fork('dist/bin/main.js', ['bridge', 'run'], {
    env: {
      ...process.env,
      ...environmentOf({ stubUrl }),
      AMQP_URL: amqpUrl,
      // It asks the quarantine's queue whether it is there: any answer will do.
      AWS_ENDPOINT_URL_SQS: stubUrl,
      CELL: 'main',
      EVENT_BUS_NAME: 'bench',
      HEALTH_PORT: String(port),
      METRICS: 'emf',
      QUARANTINE_QUEUE_URL: `${stubUrl}/none`,
      TENANTS_FILE: tenantsFile,
    },
    execArgv: [...(leanWorker.nodeOptions ?? []), `--import=${probe}`],
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const exit = once(child, 'exit') as Promise<[number | null]>
  while (!(await isConsuming(port, tenants.length))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new EcosError(
        'contender-failed',
        `The worker ended before it was ready: see ${logFile}`,
      )
    }
    await sleep(lookEvery)
  }
  return {
    pid: child.pid as number,
    status: () => statusAt(port),
    inside: () => ask<Inside>(child, 'The worker', 'inside'),
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exit
      return code
    },
  }
}

const probe = pathToFileURL(resolve('bench/soak/probe.ts'))

async function isConsuming(port: number, queues: number): Promise<boolean> {
  return await statusAt(port).then(
    ({ bus, consuming }) => bus.accepting && consuming >= queues,
    () => false,
  )
}

async function statusAt(port: number): Promise<WorkerStatus> {
  return (await (await fetch(`http://127.0.0.1:${port}/ready`)).json()) as WorkerStatus
}
