import { readTenantsText } from '../bin/commands/tenants-file.ts'
import { openTenants } from '../lib/aws/tables/open-tenants.ts'
import { EcosError, messageOf } from '../lib/errors.ts'
import { createLog } from '../lib/log.ts'
import { type Cloud, cloudEnvironment, connectCloud } from './cloud.ts'
import type { Context } from './context.ts'
import { type Deployment, deployPackage, packageService, undeploy } from './deploy.ts'
import { takeLock } from './lock.ts'
import { type Parts, startParts } from './parts.ts'
import type { Progress } from './progress.ts'
import { type Mailboxes, type Receivers, startReceivers } from './receivers/start.ts'
import { onShutdown } from './shutdown.ts'

export type StackOptions = {
  stateDir: string
  onProgress: Progress
  /** The cell to deploy, and the tenants.yml that says which tenants are in it. */
  cell: string
  tenantsFile: string
  templatesDir?: string
  /** Parameters of serverless.yml beside those of the local stack. */
  parameters?: Readonly<Record<string, string | number>>
  /** A signal, or the end of the parent process, has begun to end it. */
  onEnding?(reason: string): void
  /** It has ended so. @param ended what was started and runs no more */
  onEnded?(ended: readonly string[]): void
}

/** The running parts, and the cell that is deployed on them. */
export type Stack = {
  parts: Parts
  receivers: Receivers
  mailboxes: Mailboxes
  cloud: Cloud
  deployment: Deployment
  /** Its signal is aborted when the work has to end early. */
  context: Context
}

/**
 * Starts the parts, deploys, does the work, and stops the parts: also when the work fails, and when a
 * signal ends the process.
 */
export async function withStack<T>(
  options: StackOptions,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const { stateDir, onProgress, cell, tenantsFile, templatesDir, parameters } = options
  const { onEnding = () => undefined, onEnded = () => undefined } = options
  const releaseLock = takeLock(stateDir)
  process.once('exit', releaseLock)
  const ending = new AbortController()
  const hasEnded = Promise.withResolvers<void>()
  const ended: string[] = []
  const callOff = onShutdown(async (reason) => {
    onEnding(reason)
    ending.abort(new EcosError('ended', 'Ended before it was done'))
    await hasEnded.promise
    onEnded(ended)
  })
  const context: Context = { stateDir, onProgress, signal: ending.signal }
  const cleanups: (() => Promise<void>)[] = []
  try {
    const { receivers, mailboxes, openPage, stop } = await startReceivers()
    cleanups.unshift(async () => {
      await stop()
      ended.push('the receivers')
    })
    const packageOptions = { receivers, cell, tenantsFile, templatesDir, parameters }
    const packaging = packageService(packageOptions, context)
    packaging.catch((error) => ending.abort(error))
    cleanups.unshift(async () => {
      ending.abort()
      await Promise.allSettled([packaging])
    })
    const parts = await startParts(context)
    cleanups.unshift(async () => {
      await parts.stop()
      ended.push(...ownParts(parts))
    })
    parts.failed.addEventListener('abort', () => ending.abort(parts.failed.reason))
    const { amqpUrl, awsEndpoint, smtpUrl } = parts
    const cloud = connectCloud(awsEndpoint)
    const deployOptions = { ...packageOptions, awsEndpoint, amqpUrl, smtpUrl }
    // A private AWS ends with its process; an external one must not keep the stack.
    if (parts.external.aws) cleanups.unshift(() => undeploy(deployOptions, context))
    await packaging
    const deployment = await deployPackage(cloud, deployOptions, context)
    // The page runs in this process, and asks the local AWS as a function does.
    Object.assign(process.env, cloudEnvironment(awsEndpoint))
    const file = { file: tenantsFile, cell, readText: () => readTenantsText(tenantsFile) }
    const log = createLog()
    openPage({
      tenants: openTenants({ table: deployment['TenantsTableName'], file, log }),
      secretId: `ecos-${cell}/page`,
      subscriptionsTable: String(deployment['SubscriptionsTableName']),
      rateLimitsTable: String(deployment['RateLimitsTableName']),
    })
    return await work({ parts, receivers, mailboxes, cloud, deployment, context }).finally(() => {
      // It explains every error that the work met afterwards.
      parts.failed.throwIfAborted()
    })
  } finally {
    // Every cleanup runs, also after one that failed.
    for (const cleanup of cleanups) {
      await cleanup().catch((error) => process.stderr.write(`${messageOf(error)}\n`))
    }
    process.off('exit', releaseLock)
    releaseLock()
    hasEnded.resolve()
    callOff()
  }
}

/** Those that were started for this run. */
function ownParts({ external }: Parts): string[] {
  return [
    ...(external.broker ? [] : ['RabbitMQ']),
    ...(external.aws ? [] : ['the local AWS']),
    'the mail inbox',
  ]
}
