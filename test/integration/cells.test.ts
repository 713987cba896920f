import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, expect, it } from '@jest/globals'
import { createKept } from '../../lib/aws/payloads.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { createTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { planTenants } from '../../lib/operations/apply-tenants.ts'
import { addTenant } from '../../lib/tenants/edit-file.ts'
import { parseTenants, readTenantsFile } from '../../lib/tenants/tenants-file.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { dataOf, type SampleMessage } from '../../local/demo/events-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { subscribeUsers } from '../../local/demo/subscribe.ts'
import { type Deployment, type DeployOptions, deploy, undeploy } from '../../local/deploy.ts'
import { readMails } from '../../local/mail.ts'
import { command } from '../support/command.ts'
import { quietContext } from '../support/journey.ts'
import {
  makeDue,
  newNotification,
  notificationStore,
  queuedOf,
  storyOf,
} from '../support/notifications.ts'
import { eventually, newTenant, runningStack, taskMessage } from '../support/stack.ts'
import { startWorker, type Worker } from '../support/worker.ts'

const {
  amqpUrl,
  awsEndpoint,
  cloud,
  deployment: main,
  inboxUrl,
  receivers,
  smtpUrl,
} = runningStack()
const cell = 'former'
const tenantsFile = join('.local', `cells-${process.pid}.yml`)
const options: DeployOptions = { awsEndpoint, amqpUrl, smtpUrl, receivers, cell, tenantsFile }
const tenant = newTenant()
const username = `carried-${tenant.slice(2, 10)}`
const workers: Worker[] = []

afterAll(async () => {
  for (const worker of workers) worker.signal('SIGKILL')
  await undeploy(options, quietContext)
  rmSync(tenantsFile, { force: true })
}, 300_000)

function startBridge(deployment: Deployment, env: Record<string, string>): Worker {
  const worker = startWorker({
    ...(cloudEnvironment(awsEndpoint) as Record<string, string>),
    AMQP_URL: amqpUrl,
    EVENT_BUS_NAME: String(deployment['BusName']),
    QUARANTINE_QUEUE_URL: String(deployment['QuarantineQueueUrl']),
    PAYLOAD_BUCKET: String(deployment['PayloadBucketName']),
    ...env,
  })
  workers.push(worker)
  return worker
}

const message = (number: number) =>
  taskMessage(tenant, { taskTitle: `${username} ${number};`, taskPooledUsers: [username] })
const publishAll = async (messages: readonly SampleMessage[]) => {
  const dropped = await publish(amqpUrl, messages)
  if (dropped.size > 0) throw new Error('The broker dropped messages')
}

/** Publishes one event after the other, until it is stopped. */
function startTraffic() {
  const published: SampleMessage[] = []
  let isOver = false
  const running = (async () => {
    for (let number = 1; !isOver; number += 1) {
      const next = message(number)
      await publishAll([next])
      published.push(next)
      await sleep(500)
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

const storyIn = ({ type: eventType, eventId }: SampleMessage, deployment: Deployment) =>
  storyOf({ tenant, eventType, eventId }, deployment)
const isHandled = (story: readonly Record<string, unknown>[]) =>
  story.some(({ entry, state }) => entry === 'event' && state === 'HANDLED')
const told = async () => {
  const mails = await readMails(inboxUrl)
  return mails.flatMap(({ subject }) => subject.match(new RegExp(`${username} \\w+;`)) ?? [])
}

it('a tenant that moves between cells loses no event, and nobody is told twice', async () => {
  mkdirSync('.local', { recursive: true })
  writeFileSync(
    tenantsFile,
    JSON.stringify({ tenants: { [tenant]: { cell, events: ['task.create'] } } }),
  )
  const former = await deploy(cloud, options, quietContext)
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  await subscribeUsers(cloud, String(former['SubscriptionsTableName']), [message(0)])
  // A notification of this morning that waits for the evening.
  const held = newNotification({
    tenant,
    username,
    address: `${username}@acme.example`,
    eventId: 'held',
  })
  const formerNotifications = createNotificationStore(
    String(former['NotificationsTableName']),
    client,
  )
  const heldUntil = new Date(Date.now() + 3_600_000).toISOString()
  await createKept(String(former['PayloadBucketName']), cloud.s3).keep(
    queuedOf(held, { title: `${username} held;` }),
  )
  await formerNotifications.add(held, { state: 'WAIT_FOR_DISPATCH', heldUntil })

  // Listeners of this tenant, and of one whose id begins with the same characters.
  for (const id of [tenant, `${tenant}#b`]) {
    const Item = { tenant: id, listenerType: 'reports#record-changed' }
    await client.send(new PutCommand({ TableName: `ecos-${cell}-record-listeners`, Item }))
  }

  const old = startBridge(former, { CELL: cell, TENANTS_TABLE: `ecos-${cell}-tenants` })
  await old.consuming(1)
  const traffic = startTraffic()
  const carryTenant = () =>
    command(
      [
        ...['tenants', 'carry', '--tenant', tenant, '--tenants', tenantsFile, '--json'],
        ...['--from-payload-bucket', String(former['PayloadBucketName'])],
        ...['--to-payload-bucket', String(main['PayloadBucketName'])],
      ],
      { AMQP_URL: amqpUrl },
    )
  let again: readonly SampleMessage[] = []
  try {
    await eventually(
      async () => (await told()).length,
      (count) => count > 3,
    )
    const ofTenant = ['--tenant', tenant, '--tenants', tenantsFile]
    const move = () => command(['tenants', 'move', ...ofTenant, '--to-cell', 'main'])
    await move()
    // Given up, and begun again.
    const stays = await command(['tenants', 'stay', ...ofTenant])
    expect(stays).toMatchObject({ code: 0, stdout: expect.stringContaining('0 held') })
    expect(parseTenants(readFileSync(tenantsFile, 'utf8'), tenantsFile)[0]).toEqual({
      ...{ id: tenant, cell, events: ['task.create'], locale: 'ru' },
    })
    await move()
    expect(await carryTenant()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('apply --cell former'),
    })
    // As if it had been applied a minute ago: the bridges let go within that time.
    const table = createTenantsTable(`ecos-${cell}-tenants`, client)
    const file = readTenantsFile(readFileSync(tenantsFile, 'utf8'), tenantsFile)
    await (await planTenants(table, file, cell)).apply(new Date(Date.now() - 60_000))
    const carrying = carryTenant()
    // Somebody edits the file while the command waits for the bridge.
    await sleep(3_000)
    const edited = { text: readFileSync(tenantsFile, 'utf8'), file: tenantsFile }
    writeFileSync(tenantsFile, addTenant(edited, `${tenant}-later`, { cell }))
    const carried = await carrying
    expect(carried.stderr).toBe('')
    expect(JSON.parse(carried.stdout)).toMatchObject({
      subscriptions: expect.any(Number),
      listeners: 1,
      contents: 1,
      held: 1,
    })
    // The broker has events again that the old cell has told, as after a lost acknowledgement.
    again = traffic.published.slice(0, 3)
    await publishAll(again)
    expect(parseTenants(readFileSync(tenantsFile, 'utf8'), tenantsFile)).toMatchObject([
      { id: tenant, cell: 'main' },
      { id: `${tenant}-later`, cell },
    ])
    const next = startBridge(main, { CELL: 'main', TENANTS_FILE: tenantsFile })
    await next.consuming(1)
    const before = traffic.published.length
    await eventually(
      async () => traffic.published.length,
      (count) => count > before + 5,
    )
  } finally {
    await traffic.stop()
  }

  const handledIn = async (deployment: Deployment) => {
    const stories = await Promise.all(traffic.published.map((one) => storyIn(one, deployment)))
    return stories.map(isHandled)
  }
  await eventually(async () => (await handledIn(main)).every(Boolean), Boolean)
  const expected = traffic.published.map(({ body }) => String(dataOf(body)?.['taskTitle']))
  await eventually(
    async () => (await told()).length,
    (count) => count >= expected.length,
  )

  // It is sent once, by the cell that has it now.
  expect(await formerNotifications.find(held)).toMatchObject({
    state: 'CANCELLED',
    reason: expect.stringContaining('main'),
  })
  await makeDue(held)
  for (const deployment of [former, main]) {
    const FunctionName = `${deployment['BusName']}-due-notifications`
    await cloud.lambda.send(new InvokeCommand({ FunctionName }))
  }
  await eventually(
    () => notificationStore.find(held),
    (record) => record?.state === 'SENT',
  )
  expect((await told()).sort()).toEqual([...expected, `${username} held;`].sort())
  // Both cells had a part in it.
  const atFormer = (await handledIn(former)).filter(Boolean).length
  expect(atFormer).toBeGreaterThanOrEqual(again.length)
  expect(atFormer).toBeLessThan(expected.length)
}, 900_000)
