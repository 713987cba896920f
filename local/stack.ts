import { EcosError, messageOf } from '../lib/errors.ts'
import { type Cloud, connectCloud } from './cloud.ts'
import type { Context } from './context.ts'
import { type Deployment, deploy, undeploy } from './deploy.ts'
import { type Parts, startParts } from './parts.ts'
import type { Progress } from './progress.ts'
import { onShutdown } from './shutdown.ts'

export type StackOptions = {
  stateDir: string
  onProgress: Progress
  /** The cell to deploy, and the tenants.yml that says which tenants are in it. */
  cell: string
  tenantsFile: string
  templatesDir?: string
}

/** The parts that run, and the cell that is deployed on them. */
export type Stack = {
  parts: Parts
  cloud: Cloud
  deployment: Deployment
  /** Its signal is aborted when the work is to end early. */
  context: Context
}

/**
 * Starts the parts, deploys, does the work, and ends all that it started: also when the work fails,
 * and when a signal ends the process.
 */
export async function withStack<T>(
  options: StackOptions,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const { stateDir, onProgress, cell, tenantsFile, templatesDir } = options
  const ending = new AbortController()
  const ended = Promise.withResolvers<void>()
  const callOff = onShutdown(async () => {
    ending.abort(new EcosError('ended', 'Ended before it was done'))
    await ended.promise
  })
  const context: Context = { stateDir, onProgress, signal: ending.signal }
  const cleanups: (() => Promise<void>)[] = []
  try {
    const parts = await startParts(context)
    cleanups.unshift(() => parts.stop())
    parts.failed.addEventListener('abort', () => ending.abort(parts.failed.reason))
    const { amqpUrl, awsEndpoint, smtpUrl, receivers } = parts
    // An AWS of our own ends with its process; one that goes on must not keep the stack.
    const cloud = connectCloud(awsEndpoint)
    const deployOptions = {
      awsEndpoint,
      amqpUrl,
      smtpUrl,
      receivers,
      cell,
      tenantsFile,
      templatesDir,
    }
    if (parts.external.aws) cleanups.unshift(() => undeploy(deployOptions, context))
    const deployment = await deploy(cloud, deployOptions, context)
    return await work({ parts, cloud, deployment, context }).finally(() => {
      // The cause of whatever the work ran into then.
      parts.failed.throwIfAborted()
    })
  } finally {
    // One that fails must not keep the others from ending what they started.
    for (const cleanup of cleanups) {
      await cleanup().catch((error) => process.stderr.write(`${messageOf(error)}\n`))
    }
    ended.resolve()
    callOff()
  }
}
