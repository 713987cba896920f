import { readdirSync, readFileSync } from 'node:fs'
import {
  GetFunctionConfigurationCommand,
  paginateListFunctions,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import type { Cloud } from '../../local/cloud.ts'

/** Has every function of the cell call AWS through the rig. */
export async function redirectFunctions(
  { lambda }: Cloud,
  prefix: string,
  { from, to }: { from: string; to: string },
  /** More variables, by the end of a function's name. */
  more: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Promise<void> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName = '' } of Functions) {
      if (!FunctionName.startsWith(`${prefix}-`)) continue
      const { Environment } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
      )
      // The SDK sends to a queue's own URL.
      const variables = Object.entries(Environment?.Variables ?? {}).map(([name, value]) => [
        name,
        value.replaceAll(from, to),
      ])
      const own = more[FunctionName.slice(prefix.length + 1)]
      const Variables = { ...Object.fromEntries(variables), AWS_ENDPOINT_URL: to, ...own }
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
      )
    }
  }
}

/** Changes every function's configuration, as a deployment does. */
export async function deployAgain({ lambda }: Cloud, prefix: string): Promise<void> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName = '', Environment } of Functions) {
      if (!FunctionName.startsWith(`${prefix}-`)) continue
      const Variables = { ...Environment?.Variables, DEPLOYED_AT: new Date().toISOString() }
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
      )
    }
  }
}

/** The processes of the functions, which have the rig's endpoint in their environment. */
export function functionProcesses(endpoint: string, queuePart: string): number[] {
  return processIds().filter((pid) => {
    const variables = textsOf(pid, 'environ')
    const queue = variables.find((one) => one.startsWith('QUEUE_URL='))
    return variables.includes(`AWS_ENDPOINT_URL=${endpoint}`) && queue?.includes(queuePart)
  })
}

/** The process of the local AWS itself. */
export function miniStackProcesses(endpoint: string): number[] {
  const port = `GATEWAY_PORT=${new URL(endpoint).port}`
  return processIds().filter(
    (pid) =>
      textsOf(pid, 'cmdline').includes('ministack') && textsOf(pid, 'environ').includes(port),
  )
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function textsOf(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0')
  } catch {
    // It has ended.
    return []
  }
}
