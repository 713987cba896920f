import { liveSystem } from '../bin/commands/console-ports.ts'
import { errorCodes } from '../bin/russian/error-codes.ts'
import { type Console, startConsole } from '../console/server/console.ts'
import { cloudEnvironment } from './cloud.ts'
import { keepMetrics } from './metrics/keep.ts'
import { createLocalTenantCounts } from './metrics/tenant-counts.ts'
import { inStep } from './progress.ts'
import type { Stack } from './stack.ts'

/** The operators' console of the stack that runs, and the metrics for its charts. */
export async function openConsole(
  { parts: { amqpUrl, awsEndpoint }, deployment, cloud, context }: Stack,
  cell: string,
  tenantsFile: string,
): Promise<Console> {
  // It reads the variables of an operator's shell.
  const broker = { AMQP_URL: amqpUrl, TENANTS_FILE: tenantsFile }
  Object.assign(process.env, cloudEnvironment(awsEndpoint), broker)
  const bucket = deployment['PayloadBucketName']
  const ports = { ...liveSystem({ cell, bucket }), tenantCounts: createLocalTenantCounts(cloud) }
  const served = await inStep(
    context.onProgress,
    'Console',
    () => startConsole({ port: 0, cell, allowRepair: true, ports, russianMeanings: errorCodes }),
    ({ url }) => url,
  )
  const endMetrics = keepMetrics(cloud, cell)
  return {
    url: served.url,
    async close() {
      await endMetrics()
      await served.close()
    },
  }
}
