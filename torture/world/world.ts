import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { cloudEnvironment } from '../../local/cloud.ts'
import { archiveBus } from '../../local/demo/archive.ts'
import type { Stack } from '../../local/stack.ts'
import type { ZooKeeperPart } from '../../local/zookeeper.ts'
import { cell, tenantsFile } from '../plan/people.ts'
import type { Plan } from '../plan/plan.ts'
import { createRandom } from '../plan/random.ts'
import { type AwsLink, startAwsLink } from './aws-link.ts'
import { type Bridges, diesAtKiller, startBridges } from './bridges.ts'
import type { RigBroker } from './broker.ts'
import { type Clock, createClock } from './clock.ts'
import { redirectFunctions } from './functions.ts'
import { type Hooks, startHooks } from './hooks.ts'
import { type Mailbox, startMailbox } from './mailbox.ts'
import type { Servers } from './servers.ts'
import { subscribePeople } from './subscribe.ts'
import { startTcpLink, type TcpLink } from './tcp-link.ts'

/** The whole system under test, and every place at which the rig can disturb it. */
export interface World {
  readonly stack: Stack
  readonly broker: RigBroker
  readonly zooKeeper: ZooKeeperPart
  readonly brokerLink: TcpLink
  readonly awsLink: AwsLink
  readonly mailLink: TcpLink
  readonly mailbox: Mailbox
  readonly hooks: Hooks
  readonly bridges: Bridges
  readonly clock: Clock
  readonly queues: Plan['queues']
  readonly startedAt: Date
  /** The cell's tenants, as faults have changed them so far. */
  readonly changedTenants: string
  /** The environment of commands, which reach the broker and AWS past the rig. */
  readonly commands: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Puts the rig between the deployed cell and everything that it talks to, and starts the bridges. */
export async function createWorld(
  stack: Stack,
  { broker, zooKeeper }: Pick<Servers, 'broker' | 'zooKeeper'>,
  plan: Plan,
): Promise<World> {
  const { cloud, deployment, parts, context } = stack
  const brokerLink = await startTcpLink(broker.port)
  const awsLink = await startAwsLink(parts.awsEndpoint)
  const mailbox = await startMailbox()
  const mailLink = await startTcpLink(mailbox.port)
  const hooks = await startHooks()
  const amqpUrl = `amqp://guest:guest@127.0.0.1:${brokerLink.port}`
  const secrets = { 'amqp-url': amqpUrl, email: `smtp://127.0.0.1:${mailLink.port}` }
  for (const [name, SecretString] of Object.entries(secrets)) {
    const SecretId = `ecos-${cell}/${name}`
    await cloud.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }))
  }
  const way = { from: parts.awsEndpoint, to: awsLink.endpoint }
  await redirectFunctions(cloud, deployment['BusName'] ?? '', way, {
    'bridge-drain': { NODE_OPTIONS: diesAtKiller },
  })
  await shortenVisibility(stack)
  await archiveBus(cloud, deployment['BusName'] ?? '', cell, { source: [{ prefix: 'ecos.' }] })
  await subscribePeople(cloud.dynamoDb, deployment['SubscriptionsTableName'] ?? '', hooks.url)
  const ofStack = (output: string) => (deployment[output] ?? '').replaceAll(way.from, way.to)
  const common = { CELL: cell, TENANTS_FILE: tenantsFile, PARTITIONS: '16', QUEUES: plan.queues }
  const clock = await createClock(context.stateDir)
  const changedTenants = join(context.stateDir, 'changed-tenants.yml')
  await copyFile(tenantsFile, changedTenants)
  const bridges = startBridges({
    clock,
    logDir: join(context.stateDir, 'logs', 'bridges'),
    random: createRandom(plan.seed, 'drains'),
    env: {
      ...common,
      ...cloudEnvironment(awsLink.endpoint),
      AMQP_URL: amqpUrl,
      AMQP_SECRET_ID: `ecos-${cell}/amqp-url`,
      ZOOKEEPER_SERVERS: zooKeeper.servers,
      EVENT_BUS_NAME: ofStack('BusName'),
      TENANTS_TABLE: ofStack('TenantsTableName'),
      QUARANTINE_QUEUE_URL: ofStack('QuarantineQueueUrl'),
      PAYLOAD_BUCKET: ofStack('PayloadBucketName'),
      PREFETCH: '40',
      MAX_PUT_EVENTS_PER_SECOND: '50',
      HOLD_SECONDS: String(plan.holdSeconds),
    },
  })
  return {
    ...{ stack, broker, zooKeeper, brokerLink, awsLink, mailLink, mailbox, hooks, bridges, clock },
    queues: plan.queues,
    startedAt: new Date(),
    changedTenants,
    commands: {
      ...common,
      ...cloudEnvironment(parts.awsEndpoint),
      AMQP_URL: broker.amqpUrl,
    },
    async close() {
      for (const link of [brokerLink, awsLink, mailLink, hooks]) link.close()
      await mailbox.close()
    },
  }
}

/**
 * What a killed function had in hand comes back after its queue's visibility timeout. A run does not wait
 * for the deployed ones, of 180 s and 12 minutes: a little longer than the function's time-out will do.
 */
async function shortenVisibility({ cloud, deployment }: Stack): Promise<void> {
  for (const [name, QueueUrl] of Object.entries(deployment)) {
    if (!name.endsWith('QueueUrl') || name.startsWith('Quarantine')) continue
    const VisibilityTimeout = name.startsWith('Email') ? '130' : '40'
    await cloud.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }),
    )
  }
}
