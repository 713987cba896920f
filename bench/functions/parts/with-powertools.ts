import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { Metrics } from '@aws-lambda-powertools/metrics'
import middy from '@middy/core'

export { handler } from './bare-client.ts'

const processor = new BatchProcessor(EventType.SQS)

/** What reads a queue's messages, and writes logs and metrics. */
export const batch = middy()
  .use(injectLambdaContext(new Logger()))
  .handler((event) => processPartialResponse(event as never, async () => {}, processor))
export const metrics = new Metrics()
