import { resolve } from 'node:path'
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager'
import { count } from '../../bin/commands/count.ts'
import { errorText } from '../../bin/say.ts'
import { pause } from '../../lib/waiting.ts'
import { cloudEnvironment, connectCloud } from '../cloud.ts'
import { run } from '../commands.ts'
import type { SampleMessage } from '../demo/events-file.ts'
import { publish } from '../demo/publish.ts'
import { drain } from '../demo/run.ts'
import { subscribeUsers } from '../demo/subscribe.ts'
import { readOutputs, storeSecret } from '../deploy.ts'
import { inStep } from '../progress.ts'
import { readRunning } from '../running.ts'
import { createScript } from '../script.ts'
import { onShutdown } from '../shutdown.ts'
import { createTerminal } from '../terminal.ts'
import { startLateMail } from './late-mail.ts'
import { ordinaryTask, stage, taskFor } from './messages.ts'
import { addTrialTenants, trialTenants } from './tenants.ts'

// npm run trial: the stack about which docs/console.md asks five questions.

const command = createScript('trial')
  .description(
    'Brings the stack that npm start runs into a state in which each question of docs/console.md has an answer, and keeps it so until Ctrl-C',
  )
  .argument('[letters]', 'dead letters', count, 10_000)
  .option('--answers', 'print what there is to find', false)
  .parse()
const [letters] = command.processedArgs as [number]
const { answers } = command.opts<{ answers: boolean }>()

/** As in serverless.yml: the local deployment gives a mail up after seconds. */
const mailRetry = { tries: 10, firstWaitSeconds: 5, factor: 4, capSeconds: 3600 }

/** Milliseconds between two rounds of events, and the flooding tenant's events in each. */
const round = { interval: 5_000, flood: 10 }

/** Rounds between two mails of the late tenant. */
const lateEvery = 12

const { told, late, flood } = stage

/** A tenant's own mail server takes the place of the cell's. */
const secretOfLate = (cell: string) => `ecos-${cell}/email/${late.tenant}`

const terminal = createTerminal()
const ending = new AbortController()

try {
  await main()
} catch (error) {
  if (!ending.signal.aborted) {
    process.stderr.write(`${errorText(error)}\n`)
    process.exitCode = 1
  }
} finally {
  terminal.close()
}

async function main(): Promise<void> {
  const { options } = readRunning(resolve('.local'))
  const { awsEndpoint, amqpUrl, cell, tenantsFile } = options
  const { onProgress } = terminal
  const { signal } = ending
  // As an operator's shell has them.
  Object.assign(process.env, cloudEnvironment(awsEndpoint))
  const cloud = connectCloud(awsEndpoint)
  const deployment = await readOutputs(cloud, `ecos-eventbridge-${cell}`)
  const mail = await startLateMail()
  const ended = Promise.withResolvers<void>()
  onShutdown(async () => {
    ending.abort()
    await ended.promise
  })
  try {
    await inStep(onProgress, 'Tenants', () => addTrialTenants(tenantsFile, cell))
    await inStep(onProgress, 'Mail of acme', async () => {
      await storeSecret(cloud, secretOfLate(cell), mail.url)
      await setMailRetry(`ecos-${cell}-send-email`)
    })
    const first = [
      taskFor(told.tenant, told.username, told.task),
      ...[0, 1, 2].map((at) => taskFor(late.tenant, late.username, `Pay the bill no. ${at}`)),
      taskFor(flood.tenant, flood.username, 'Synchronise the archive'),
      ...trialTenants.flatMap((tenant) => [0, 1, 2, 3, 4].map((at) => ordinaryTask(tenant, at))),
    ]
    await subscribeUsers(cloud, deployment['SubscriptionsTableName'] ?? '', first)
    await inStep(onProgress, 'Events of 40 tenants', () => publishToAll(first))
    await inStep(onProgress, `Dead letters: ${letters}`, () =>
      run('node', ['local/dead-letters.ts', String(letters)], {
        ...{ logFile: '.local/logs/dead-letters.log', env: process.env, signal },
      }),
    )
    terminal.print('\nReady, and kept so until Ctrl-C.')
    if (answers)
      terminal.print(`
What there is to find:

told     ${told.username} of ${told.tenant}: "${told.task}"
late     the mail of ${late.tenant}: its mail server answers 451
changed  ${trialTenants.length - 1} tenants were added
floods   ${flood.tenant}`)
    await keepGoing()
  } finally {
    const SecretId = secretOfLate(cell)
    const removal = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })
    // npm start may have ended before.
    await cloud.secrets.send(removal).catch(() => undefined)
    await mail.stop()
    ended.resolve()
  }

  /** The bridges learn of new tenants within half a minute, and then declare their queues. */
  async function publishToAll(messages: readonly SampleMessage[]): Promise<void> {
    let rest = [...messages]
    while (rest.length > 0) {
      signal.throwIfAborted()
      await drain(cloud, deployment)
      rest = [...(await publish(amqpUrl, rest))]
      if (rest.length > 0) await pause(3_000, signal)
    }
  }

  async function keepGoing(): Promise<void> {
    for (let at = 0; !signal.aborted; at += 1) {
      const tenant = trialTenants[at % trialTenants.length] ?? late.tenant
      const some = Array.from({ length: round.flood }, (_, index) =>
        taskFor(flood.tenant, flood.username, `Synchronise the archive, part ${at}.${index}`),
      )
      const lateOne = taskFor(late.tenant, late.username, `Pay the bill no. ${at}`)
      await publish(amqpUrl, [
        ...some,
        ordinaryTask(tenant, at),
        ...(at % lateEvery === 0 ? [lateOne] : []),
      ])
      await pause(round.interval, signal)
    }
  }

  async function setMailRetry(FunctionName: string): Promise<void> {
    const { lambda } = cloud
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
    const before = Environment?.Variables ?? {}
    const policy = { ...JSON.parse(before['RETRY_POLICY'] ?? '{}'), ...mailRetry }
    const Variables = { ...before, RETRY_POLICY: JSON.stringify(policy) }
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
    )
  }
}
