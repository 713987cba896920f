import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterAll, expect, it } from '@jest/globals'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import type { ChosenPartition } from '../../lib/tenants/partition.ts'
import { ownPartition, partitionArn, partitionOf } from '../../lib/tenants/partition.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { dataOf, type SampleMessage } from '../../local/demo/events-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { subscribeUsers } from '../../local/demo/subscribe.ts'
import { type Deployment, type DeployOptions, deploy, undeploy } from '../../local/deploy.ts'
import { readMails } from '../../local/mail.ts'
import { quietContext } from '../support/journey.ts'
import { countQueued, storyOf } from '../support/notifications.ts'
import { eventually, newTenant, runningStack, taskMessage } from '../support/stack.ts'
import { startWorker, type Worker } from '../support/worker.ts'

const { amqpUrl, awsEndpoint, cloud, inboxUrl, receivers, smtpUrl } = runningStack()
const cell = 'moving'
const tenantsFile = join('.local', `moving-${process.pid}.yml`)
const options: DeployOptions = { awsEndpoint, amqpUrl, smtpUrl, receivers, cell, tenantsFile }
const [mover, neighbour] = [newTenant(), newTenant()]
const workers: Worker[] = []

afterAll(async () => {
  for (const worker of workers) worker.signal('SIGKILL')
  await undeploy(options, quietContext)
  rmSync(tenantsFile, { force: true })
}, 300_000)

function writeTenants(partition?: ChosenPartition): void {
  const events = ['task.create']
  const tenants = { [mover]: { cell, events, partition }, [neighbour]: { cell, events } }
  mkdirSync('.local', { recursive: true })
  writeFileSync(tenantsFile, JSON.stringify({ tenants }))
}

/** Starts a worker with the tenants file as it is now; the one before ends while the new one works. */
async function nextWorker(deployment: Deployment): Promise<void> {
  const before = workers.at(-1)
  const worker = startWorker({
    ...(cloudEnvironment(awsEndpoint) as Record<string, string>),
    AMQP_URL: amqpUrl,
    EVENT_BUS_NAME: String(deployment['BusName']),
    QUARANTINE_QUEUE_URL: String(deployment['QuarantineQueueUrl']),
    PAYLOAD_BUCKET: String(deployment['PayloadBucketName']),
    TENANTS_FILE: tenantsFile,
    CELL: cell,
  })
  workers.push(worker)
  await worker.consuming(2)
  before?.signal('SIGTERM')
  await before?.exited
}

const message = (tenant: string, number: number) =>
  taskMessage(tenant, { taskTitle: `${tenant} ${number}`, taskPooledUsers: ['mover'] })

/** Seconds for which a message of a handler or a sender that died is hidden: as long as a handler may run. */
const hiddenSeconds = 30

/**
 * A deployment to the local AWS kills functions at work, which Lambda never does: their messages return after the
 * queue's visibility timeout, of minutes in serverless.yml.
 */
async function hideBriefly(deployment: Deployment): Promise<void> {
  const Attributes = { VisibilityTimeout: String(hiddenSeconds) }
  for (const name of ['TaskCreateQueueUrl', 'EmailQueueUrl']) {
    const QueueUrl = deployment[name]
    await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
  }
}

/** What the records say of an event: `late` if its sender died, and another repeats the mail after its claim. */
async function fateOf(event: SampleMessage, deployment: Deployment) {
  const { tenant, type: eventType, eventId } = event
  const items = await storyOf({ tenant, eventType, eventId }, deployment)
  const record = items.find(({ entry }) => entry === 'event')
  const notifications = items.filter(({ notificationId }) => notificationId !== undefined)
  const [notification] = notifications
  if (notifications.length > 1 || items.some(({ entry }) => entry === 'failure')) return 'wrong'
  if (!notification || record?.['state'] !== 'HANDLED') return 'unhandled'
  const { state, claim } = notification
  if (state === 'SENT') return 'sent'
  if (state === 'UNCERTAIN' || (state === 'WAIT_FOR_DISPATCH' && claim)) return 'late'
  return state === 'WAIT_FOR_DISPATCH' ? 'waiting' : 'wrong'
}

/** Publishes for both tenants, one event after the other, until it is stopped. */
function startTraffic() {
  const published: SampleMessage[] = []
  let isOver = false
  const running = (async () => {
    for (let number = 1; !isOver; number += 1) {
      const messages = [mover, neighbour].map((tenant) => message(tenant, number))
      const dropped = await publish(amqpUrl, messages)
      if (dropped.size > 0) throw new Error('The broker dropped messages')
      published.push(...messages)
      await sleep(400)
    }
  })()
  return {
    published,
    async stop() {
      isOver = true
      await running
    },
  }
}

it('a tenant that moves between partitions, to its own and back loses and doubles nothing', async () => {
  writeTenants()
  const deployment = await deploy(cloud, options, quietContext)
  await hideBriefly(deployment)
  const tap = await tapBus(cloud, String(deployment['BusName']), {
    owner: 'test',
    retentionSeconds: 3_600,
  })
  await subscribeUsers(
    cloud,
    String(deployment['SubscriptionsTableName']),
    [mover, neighbour].map((tenant) => message(tenant, 0)),
  )
  await nextWorker(deployment)
  const traffic = startTraffic()

  /** The partitions that events of a tenant named on the bus, in the order of their first event. */
  const named = new Map([mover, neighbour].map((tenant) => [tenant, new Set<string>()]))
  const seen = async (partition: string) => {
    for (const text of await tap.take()) {
      const { resources, detail } = JSON.parse(text)
      if (detail.type === 'task.create') named.get(detail.tenantid)?.add(resources[0])
    }
    return named.get(mover)?.has(partitionArn(partition)) ?? false
  }
  const moved = (partition: string) => eventually(() => seen(partition), Boolean)

  try {
    const home = partitionOf({ id: mover }, 16)
    await moved(home)
    // The hash of the neighbour may be any of them: this one is not the mover's.
    const other = (Number(home.slice(1)) + 1) % 16
    writeTenants(other)
    await nextWorker(deployment)
    await moved(`p${String(other).padStart(2, '0')}`)
    // The worker knows of the tenant's own partition before the bus does: the default rules take its events.
    writeTenants('own')
    await nextWorker(deployment)
    await moved(ownPartition(mover))
    await deploy(cloud, options, quietContext)
    const rule = { Rule: `task.create.${ownPartition(mover)}`, EventBusName: deployment['BusName'] }
    const { Targets = [] } = await cloud.eventBridge.send(new ListTargetsByRuleCommand(rule))
    expect(Targets[0]?.SqsParameters).toEqual({ MessageGroupId: ownPartition(mover) })
    const before = traffic.published.length
    await eventually(
      async () => traffic.published.length,
      (count) => count > before + 10,
    )
    // The rules are gone before the worker knows: the default rules take its events again.
    writeTenants()
    await deploy(cloud, options, quietContext)
    named.get(mover)?.delete(partitionArn(home))
    await nextWorker(deployment)
    await moved(home)
  } finally {
    await traffic.stop()
    await tap.remove()
  }
  expect([...(named.get(neighbour) ?? [])]).toEqual([
    partitionArn(partitionOf({ id: neighbour }, 16)),
  ])

  // An event whose handler died returns to its queue; so does a mail, unless its sender died while it sent it: then
  // its message stays in the queue and is repeated after the sender's claim.
  const fates = new Map(traffic.published.map((event) => [event, 'unhandled']))
  const open = async () => {
    for (const [event, fate] of fates) {
      if (fate !== 'sent') fates.set(event, await fateOf(event, deployment))
    }
    const left = [...fates].filter(([, fate]) => fate !== 'sent' && fate !== 'late')
    const late = [...fates.values()].filter((fate) => fate === 'late').length
    const isLost = late > (await countQueued(deployment['EmailQueueUrl']))
    return {
      late,
      isLost,
      left: left.map(([{ tenant, eventId }, fate]) => [tenant, eventId, fate]),
    }
  }
  await eventually(open, ({ left, isLost }) => left.length === 0 && !isLost)

  for (const name of ['TaskCreateDlqUrl', 'EmailDlqUrl', 'QuarantineQueueUrl']) {
    expect([name, await countQueued(deployment[name])]).toEqual([name, 0])
  }
  const mails = (await readMails(inboxUrl)).filter(({ to }) =>
    to.some(({ address }) => address?.startsWith('mover@')),
  )
  /** The Message-IDs of each task's mails: a repetition of an uncertain delivery has the first one's. */
  const told = Map.groupBy(mails, ({ subject }) => subject.replace(/^[^:]*: /, ''))
  const titleOf = ({ body }: SampleMessage) => String(dataOf(body)?.['taskTitle'])
  const titles = new Set(traffic.published.map(titleOf))
  for (const [title, copies] of told) {
    expect(titles).toContain(title)
    expect(new Set(copies.map(({ headers }) => headers['message-id'])).size).toBe(1)
  }
  const sent = traffic.published.filter((event) => fates.get(event) === 'sent')
  expect(sent.filter((event) => !told.has(titleOf(event)))).toEqual([])
}, 900_000)
