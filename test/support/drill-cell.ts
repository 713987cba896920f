import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import type { SampleMessage } from '../../local/demo/events-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { subscribeUsers } from '../../local/demo/subscribe.ts'
import { deploy } from '../../local/deploy.ts'
import { readMails } from '../../local/mail.ts'
import { command } from './command.ts'
import { quietContext } from './journey.ts'
import { emptied } from './notifications.ts'
import { runningStack } from './stack.ts'

export type DrillCell = Awaited<ReturnType<typeof deployDrillCell>>

/** The output of `dlq list --json`. */
export type Resting = {
  queue: string
  depth: number
  groups: { tenant: string; type: string; reason: string; count: number }[]
}[]

const cell = 'drills'
const tenantsFile = 'test/fixtures/drills/tenants.yml'

/**
 * Deploys a cell for the drills, at its own broker, as an operator does. The drills see it through the
 * command and the log only.
 *
 * @param templatesDir as in `deploy`
 */
export async function deployDrillCell(amqpUrl: string, templatesDir: string) {
  const { awsEndpoint, cloud, inboxUrl, receivers, smtpUrl } = runningStack()
  const deployWith = (folder: string) => {
    const options = { awsEndpoint, amqpUrl, smtpUrl, receivers, cell, tenantsFile }
    return deploy(cloud, { ...options, templatesDir: folder }, quietContext)
  }
  const deployment = await deployWith(templatesDir)
  const env = { CELL: cell, AMQP_URL: amqpUrl, TENANTS_FILE: tenantsFile }
  const operator = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    command(args, { ...env, ...more })

  return {
    deployWith,
    operator,
    /** Runs a command with `--json`. @returns its answer */
    async ask<T = Resting>(...args: string[]): Promise<T> {
      return JSON.parse((await operator([...args, '--json'])).stdout)
    },
    /** Runs one drain. @returns its report, or `errorMessage` */
    async drain(): Promise<Record<string, unknown>> {
      const FunctionName = deployment['BridgeDrainFunctionName']
      const { Payload } = await cloud.lambda.send(new InvokeCommand({ FunctionName }))
      return JSON.parse(Payload?.transformToString() ?? '{}')
    },
    /** Subscribes the users that the messages name, by e-mail. */
    async subscribe(messages: readonly SampleMessage[]): Promise<void> {
      await subscribeUsers(cloud, deployment['SubscriptionsTableName'] ?? '', messages)
    },
    /** Publishes as ECOS does. */
    async publish(messages: readonly SampleMessage[], url = amqpUrl): Promise<void> {
      const dropped = await publish(url, messages)
      if (dropped.size > 0) throw new Error(`The broker dropped ${dropped.size} messages`)
    },
    /** Resolves when neither events nor notifications by this channel are under way. */
    async settled(channel = 'Email'): Promise<void> {
      await emptied('TaskCreateQueueUrl', 400, deployment)
      await emptied(`${channel}QueueUrl`, 400, deployment)
    },
    /** The subjects of all mails to an address. */
    async subjectsTo(address: string): Promise<string[]> {
      const mails = await readMails(inboxUrl)
      return mails
        .filter(({ to }) => to.some((one) => one.address === address))
        .map(({ subject }) => subject)
        .sort()
    },
    /** The JSON lines of a function's log. */
    async log(name: string): Promise<Record<string, unknown>[]> {
      const logGroupName = `/aws/lambda/${deployment['BusName']}-${name}`
      const { events = [] } = await cloud.logs.send(new FilterLogEventsCommand({ logGroupName }))
      const lines = events.map(({ message = '' }) => message)
      return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
    },
    /** Stores another address in the broker's secret. */
    async storeBrokerSecret(url: string): Promise<void> {
      const SecretId = `ecos-${cell}/amqp-url`
      await cloud.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: url }))
    },
  }
}
