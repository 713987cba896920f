import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { busEvent } from '../support/bus-event.ts'
import { command } from '../support/command.ts'
import { newNotification, notificationStore } from '../support/notifications.ts'
import { newTenant, runningStack } from '../support/stack.ts'

jest.setTimeout(300_000)

const { cloud, deployment } = runningStack()
const table = DynamoDBDocumentClient.from(cloud.dynamoDb)
const tenant = newTenant()
/** Sets the window's title, clears the screen by a C1 control, reverses text, and overwrites its line. */
const attack = '\u001b]0;owned\u0007\u009b2J\u202e\r\u007f'
const id = `${randomUUID()}${attack}`

let folder: string
let notificationId: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terminal-'))
  const data = { type: 'task.create', id, taskTitle: attack, workflowDescription: attack }
  await writeFile(join(folder, 'event.json'), JSON.stringify({ data }))
  await writeFile(join(folder, 'tenants.yml'), JSON.stringify({ tenants: { [tenant]: {} } }))
  await rest('ecos-main-task-create-dlq', busEvent(tenant, 'task.create', id, data))
  const record = {
    tenant,
    queue: `tenant.${tenant}.eventbridge`,
    exchange: attack,
    routingKey: `type${attack}`,
    reason: 'not-json',
    explanation: attack,
    quarantinedAt: '2026-11-25T00:00:00Z',
    properties: { headers: { hostile: attack } },
    body: Buffer.from(attack).toString('base64'),
  }
  await rest('ecos-main-quarantine', JSON.stringify(record))
  const event = `${tenant}#task.create#${id}`
  const failure = { code: 'handler-failed', reason: attack, tries: 5, at: '2026-11-25T00:00:00Z' }
  await put('NotificationsTableName', { event, entry: 'failure', ...failure })
  const notification = newNotification({ tenant, eventId: id, username: attack })
  notificationId = notification.notificationId
  await notificationStore.add(notification, { state: 'ERROR', reason: attack })
  await put('SubscriptionsTableName', {
    subscriber: `${tenant}#${attack}`,
    eventType: 'task.assign',
    tenantType: `${tenant}#task.assign`,
    actions: [{ channel: 'email', address: `a@${attack}` }],
  })
})
afterAll(async () => {
  const into = join(folder, 'purged.jsonl')
  await command(['dlq', 'purge', '--tenant', tenant, '--yes', '--into', into])
  await rm(folder, { recursive: true })
})

async function rest(QueueName: string, MessageBody: string): Promise<void> {
  const { QueueUrl } = await cloud.sqs.send(new GetQueueUrlCommand({ QueueName }))
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: tenant }))
}

async function put(output: string, Item: Record<string, unknown>): Promise<void> {
  await table.send(new PutCommand({ TableName: String(deployment[output]), Item }))
}

it.each([
  ['dlq list', () => []],
  ['dlq list --json', () => []],
  ['dlq show', () => []],
  ['dlq show --json', () => []],
  ['dlq redrive', () => []],
  ['notifications list', () => []],
  ['notifications list --json', () => []],
  ['notifications show', () => ['--id', notificationId]],
  ['subscriptions list', () => []],
  ['subscriptions list --json', () => []],
  [
    'templates preview',
    () => [
      ...['--event', join(folder, 'event.json'), '--out', join(folder, 'out')],
      ...['--tenants', join(folder, 'tenants.yml')],
    ],
  ],
])('%s shows controls of a message as text', async (name, args) => {
  const { stdout, stderr } = await command([...name.split(' '), '--tenant', tenant, ...args()])
  // The output tells of the message, and has none of its controls but newlines.
  expect(stdout).toMatch(/\\u(001b|202e)|ecos-main/)
  expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
})
