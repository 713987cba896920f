import { randomUUID } from 'node:crypto'
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import pLimit from 'p-limit'
import * as z from 'zod'
import { createDynamoDb } from '../lib/aws/tables/dynamodb.ts'
import { createNotificationStore } from '../lib/aws/tables/notifications-table.ts'
import { chunks } from '../lib/chunks.ts'
import { readEnvironment } from '../lib/config.ts'
import { messageOf } from '../lib/errors.ts'
import { type EventType, sampleData } from '../lib/events/catalogue.ts'
import { kebab } from '../lib/tenants/names.ts'
import { connectCloud } from './cloud.ts'
import { trialTenants } from './trial/tenants.ts'

// npm run dead-letters -- COUNT: puts so many dead letters of 40 tenants into the dead-letter queues of the local
// AWS that AWS_ENDPOINT_URL names, with their reasons, to try the console and `dlq` with.

const cell = 'main'
const types = ['task.create', 'task.assign', 'comment.added'] as const

/** Why they are dead: the code, whether the event itself is at fault, and how many of a hundred. */
const causes = [
  { code: 'killed-handler', share: 60, isAtFault: false },
  { code: 'invalid-event-data', share: 25, isAtFault: true },
  { code: 'store-unavailable', share: 15, isAtFault: false },
] as const

/** Letters sent at a time: batches of ten. */
const concurrency = 8

try {
  const { AWS_ENDPOINT_URL } = readEnvironment(
    z.object({ AWS_ENDPOINT_URL: z.string() }),
    process.env,
  )
  const count = Number(process.argv[2] ?? 10_000)
  const { sqs } = connectCloud(AWS_ENDPOINT_URL)
  const { recordFailure } = createNotificationStore(`ecos-${cell}-notifications`, createDynamoDb())
  const limit = pLimit(concurrency)
  const letters = Array.from({ length: count }, (_, at) => letterAt(at))
  await Promise.all(
    [...Map.groupBy(letters, ({ type }) => type)].flatMap(([type, some]) =>
      chunks(some, 10).map((ten) =>
        limit(async () => {
          const QueueUrl = `${AWS_ENDPOINT_URL}/000000000000/ecos-${cell}-${kebab(type)}-dlq`
          const Entries = ten.map(({ body }, at) => ({ Id: String(at), MessageBody: body }))
          for (const { key, failure } of ten) await recordFailure(key, failure)
          await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
        }),
      ),
    ),
  )
  process.stdout.write(`Dead letters added: ${count}\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}

function letterAt(at: number) {
  const tenant = trialTenants[(at * at) % trialTenants.length] ?? 'acme'
  const type = types[at % types.length] ?? 'task.create'
  const { code, isAtFault } = causeAt((at * 37) % 100)
  const eventId = randomUUID()
  const detail = {
    ...{ specversion: '1.0', id: eventId, source: `/ecos/tenants/${tenant}`, type },
    ...{ tenantid: tenant, datacontenttype: 'application/json', data: dataOf(type, isAtFault) },
  }
  return {
    type,
    body: JSON.stringify({ source: `ecos.${tenant}`, 'detail-type': type, detail }),
    key: { tenant, eventType: type, eventId },
    failure: { code, reason: `of ${type} ${eventId}`, tries: 5 },
  }
}

function causeAt(share: number) {
  let sum = 0
  for (const cause of causes) {
    sum += cause.share
    if (share < sum) return cause
  }
  return causes[0]
}

/** An event at fault has lost its type and has a text where a list should be. */
function dataOf(type: EventType, isAtFault: boolean): object {
  const { type: _, ...data } = { type, ...sampleData(type) }
  return isAtFault ? { ...data, taskPooledUsers: 'ivanov' } : { ...data, type }
}
