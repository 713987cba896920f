import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { createTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import type { Broker } from '../../lib/bridge/broker.ts'
import { planTenants } from '../../lib/operations/apply-tenants.ts'
import { tenantsLast } from '../../lib/tenants/current-tenants.ts'
import { bridgeQueue } from '../../lib/tenants/names.ts'
import { parsePublished } from '../../lib/tenants/published.ts'
import { readTenantsFile } from '../../lib/tenants/tenants-file.ts'
import { addressOf } from '../../local/demo/addresses.ts'
import { publish } from '../../local/demo/publish.ts'
import { drain } from '../../local/demo/run.ts'
import { subscribeUsers } from '../../local/demo/subscribe.ts'
import { readMails } from '../../local/mail.ts'
import { eventually, newTenant, runningStack, taskMessage } from '../support/stack.ts'

const { amqpUrl, cloud, deployment, inboxUrl } = runningStack()
const rows = createTenantsTable(
  String(deployment['TenantsTableName']),
  DynamoDBDocumentClient.from(cloud.dynamoDb),
)
const tenant = `Ёлка & Co. ${newTenant()}`
const recipient = addressOf('minute', tenant)
const message = (title: string) =>
  taskMessage(tenant, { taskTitle: title, taskPooledUsers: ['minute'] })

/** Applies the deployed tenants with this one, or without it. */
async function applyWith(mine: Record<string, unknown>): Promise<void> {
  const applied = await rows.read()
  if (applied === undefined || applied === 'unchanged' || applied.text === undefined)
    throw new Error('nothing is applied')
  const { brokers, tenants } = parsePublished(applied.text)
  const { [tenant]: _, ...others } = tenants
  const text = JSON.stringify({ brokers, tenants: { ...others, ...mine } })
  await (await planTenants(rows, readTenantsFile(text, 'tenants.yml'), 'main')).apply(new Date())
}

let broker: Broker
beforeAll(async () => {
  broker = await connectBroker(amqpUrl)
})
afterAll(async () => {
  await broker.close()
  await applyWith({})
})

it('a tenant that was only applied has its events reach a person, in its language', async () => {
  await applyWith({ [tenant]: { events: ['task.create'], locale: 'en' } })
  // For so long a warm handler goes by the tenants that it has read.
  await sleep(tenantsLast)
  await subscribeUsers(cloud, String(deployment['SubscriptionsTableName']), [message('')])
  await eventually(
    async () => {
      await drain(cloud, deployment)
      return broker.count(bridgeQueue(tenant))
    },
    (count) => count !== undefined,
  )
  const titles = ['first', 'second', 'third']
  await publish(amqpUrl, titles.map(message))
  await drain(cloud, deployment)
  const mails = async () => {
    const all = await readMails(inboxUrl)
    const ours = all.filter(({ to }) => to.some(({ address }) => address === recipient))
    return ours.map(({ subject }) => subject).sort()
  }
  await eventually(mails, ({ length }) => length >= titles.length)
  expect(await mails()).toEqual(titles.map((title) => `New task: ${title}`))
})
