import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import type { Cloud } from '../../local/cloud.ts'
import { identified, type SampleMessage } from '../../local/demo/events-file.ts'
import type { Deployment } from '../../local/deploy.ts'

const tenantCount = 10
const usersOfTenant = 20
/** Of the real producer. */
const body = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8')
  .split('\n')
  .flatMap((line) => (line ? [JSON.parse(line) as { routingKey: string; body: string }] : []))
  .find(({ routingKey }) => routingKey === 'task.create')?.body

export const costTenants: Tenant[] = Array.from({ length: tenantCount }, (_, index) => ({
  id: `cost-${index}`,
  events: ['task.create'],
  locale: 'ru',
  cell: 'main',
}))

/** Messages of task.create as ECOS sends it, each with two recipients. */
export function costMessages(count: number): SampleMessage[] {
  return Array.from({ length: count }, (_, index) => {
    const tenant = `cost-${index % tenantCount}`
    const user = Math.floor(index / tenantCount) % usersOfTenant
    const users = [user, (user + 1) % usersOfTenant].map((number) => `user-${number}`)
    const { data } = JSON.parse(body ?? '')
    const about = { id: randomUUID(), taskPooledUsers: users, taskInstanceId: `task-${index}` }
    const exchange = `tenant.${tenant}.events`
    const properties = { contentType: 'text/plain', deliveryMode: 2, priority: 0 }
    const text = JSON.stringify({ data: { ...data, ...about } })
    return identified({
      line: 0,
      tenant,
      exchange,
      routingKey: 'task.create',
      properties,
      body: text,
    })
  })
}

/** Resolves when the handler's and the sender's queues have had no message for two looks. */
export async function allHandled(cloud: Cloud, deployment: Deployment): Promise<void> {
  const queues = [deployment['TaskCreateQueueUrl'], deployment['EmailQueueUrl']]
  for (let empty = 0; empty < 2; ) {
    await sleep(300)
    const counts = await Promise.all(queues.map((url) => countOf(cloud, url)))
    empty = counts.every((count) => count === 0) ? empty + 1 : 0
  }
}

async function countOf({ sqs }: Cloud, QueueUrl: string | undefined): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  )
  return Object.values(Attributes).reduce((total, count) => total + Number(count), 0)
}
