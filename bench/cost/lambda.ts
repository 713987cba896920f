import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import {
  GetFunctionConfigurationCommand,
  paginateListFunctions,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { millisecondsOfMessage } from '../../lib/tenants/cost/prices.ts'
import type { Cloud } from '../../local/cloud.ts'
import type { CountingProxy } from './proxy.ts'
import { gigabyteSeconds, logBytes } from './units.ts'

/** What a function did, as its log tells. */
export interface FunctionUse {
  readonly invocations: number
  /** Tries of messages of its queue: each try writes a line. */
  readonly tries: number
  /** Assumed, by the number of tries: a local function's time says nothing of Lambda's. */
  readonly gigabyteSeconds: number
  readonly logBytes: number
}

/** The names of a cell's functions. */
export async function functionsOf({ lambda }: Cloud, prefix: string): Promise<string[]> {
  const names: string[] = []
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    names.push(...Functions.flatMap(({ FunctionName = '' }) => FunctionName))
  }
  return names.filter((name) => name.startsWith(`${prefix}-`))
}

/** Has a function call AWS through the proxy, at an endpoint of its own, and changes its variables. */
export async function redirect(
  { lambda }: Cloud,
  FunctionName: string,
  { proxy, upstream }: { proxy: CountingProxy; upstream: string },
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
  const endpoint = await proxy.endpointFor(FunctionName)
  // The SDK sends to a queue's own URL.
  const variables = Object.entries(Environment?.Variables ?? {}).map(([name, value]) => [
    name,
    changes[name] ?? value.replaceAll(upstream, endpoint),
  ])
  const Variables = { ...Object.fromEntries(variables), AWS_ENDPOINT_URL: endpoint }
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
  )
}

/** Reads a function's log since a time. */
export async function readUse(
  { lambda, logs }: Cloud,
  functionName: string,
  startTime: number,
): Promise<FunctionUse> {
  const { MemorySize: megabytes = 128 } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  )
  const use = { invocations: 0, tries: 0, gigabyteSeconds: 0, logBytes: 0 }
  const pages = paginateFilterLogEvents(
    { client: logs },
    { logGroupName: `/aws/lambda/${functionName}`, startTime },
  )
  try {
    for await (const { events = [] } of pages) {
      for (const { message = '' } of events) {
        use.logBytes += logBytes(message)
        if (message.includes('"messageId"')) {
          use.tries += 1
          use.gigabyteSeconds += gigabyteSeconds(megabytes, millisecondsOfMessage)
        }
        if (message.startsWith('REPORT ')) use.invocations += 1
      }
    }
  } catch (error) {
    // A function that has not run has no log.
    if ((error as Error).name !== 'ResourceNotFoundException') throw error
  }
  return use
}
