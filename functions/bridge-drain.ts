import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import type { DrainReport } from '../lib/bridge/drain/drain.ts'
import { growHeapAtOnce } from '../lib/bridge/heap.ts'
import { createBridgeMetrics } from '../lib/bridge/metrics.ts'
import { createLog } from '../lib/log.ts'
import { createMetrics } from '../lib/metrics/write-metrics.ts'
import { readDrainSettings } from './shared/drain-settings.ts'
import { createOneDrain } from './shared/one-drain.ts'

/** Milliseconds before the function's time-out at which the drain takes no more messages. */
const reserve = 10_000

growHeapAtOnce()
const settings = readDrainSettings()
const log = createLog()
const writeMetrics = createMetrics({ cell: settings.CELL })
const drainOnce = await createOneDrain(settings, log)

/** Runs on a schedule: drains the queues of the cell's tenants into its bus. */
export const handler = middy<unknown, DrainReport, Error, Context>()
  .use(injectLambdaContext(log))
  .handler(async (_event, context) => {
    const start = performance.now()
    const metrics = createBridgeMetrics(writeMetrics, log)
    const deadline = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserve))
    let drains: 0 | 1 = 0
    try {
      const report = await drainOnce(metrics, deadline)
      drains = 1
      log.info('Drained', { ...report })
      return report
    } finally {
      metrics.write({ drains, milliseconds: Math.round(performance.now() - start) })
    }
  })
