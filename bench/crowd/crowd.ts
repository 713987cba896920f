import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createQueues } from '../../lib/aws/sqs.ts'
import { itemOf } from '../../lib/aws/tables/subscriptions-items.ts'
import { toEntry } from '../../lib/bridge/publish/entry.ts'
import { chunks } from '../../lib/chunks.ts'
import type { Stack } from '../../local/stack.ts'
import { holdCpu, shareOf } from '../stack/cpu-share.ts'
import { readQueuedMails } from '../stack/queued-mails.ts'

/** Of every queue-fed function (lib/tenants/template/queue-function.ts). */
const megabytes = 256

/** Seconds between two events of the neighbour. */
const neighbourEvery = 1
const quietSeconds = 30

export interface CrowdPlan {
  readonly people: number
  readonly patience: number
}

export interface Crowd {
  readonly people: number
  /** People with a message in the channel's queue, and messages beyond one for each. */
  readonly told: number
  readonly repeated: number
  /** Until the last was queued. */
  readonly seconds: number
  readonly cpuMillisecondsEach: number
  readonly deadLettered: number
  /** Milliseconds from an event's sending to its notification's queueing. */
  readonly quiet: Waits
  /** While messages come into a queue that has no function. */
  readonly awake: Waits
  readonly beside: Waits
}

interface Waits {
  readonly count: number
  readonly p50: number
  readonly p99: number
}

/** One event of many people, while a neighbour's events of one person come every second. */
export async function measureCrowd(
  stack: Stack,
  { people, patience }: CrowdPlan,
  print: (line: string) => void,
): Promise<Crowd> {
  const { cloud, deployment } = stack
  const url = String(deployment['TaskCreateQueueUrl'])
  const queue = createQueues(cloud.sqs)(url)
  const neighbour = `n-${randomUUID()}`
  const crowd = `c-${randomUUID()}`
  const names = Array.from({ length: people }, (_, index) => `user-${index}@corp.example`)
  await subscribe(stack, crowd, names)
  await subscribe(stack, neighbour, ['petrov'])
  const large = await taskCreated(stack, { tenant: crowd, id: 'crowd' }, names)
  const queued = await countQueued(stack)
  const cpu = holdCpu(shareOf(megabytes))
  const events = trickle(async () => {
    const id = randomUUID()
    const body = await taskCreated(stack, { tenant: neighbour, id }, ['petrov'])
    await queue.sendAll([{ body, group: neighbour }])
    return id
  })
  try {
    // The first events start the function's copies.
    await sleep(10_000)
    events.mark()
    await sleep(quietSeconds * 1000)
    const quiet = events.mark()
    const stirring = await stir(stack)
    await sleep(quietSeconds * 1000)
    const awake = events.mark()
    await stirring.end()
    const before = cpu.cpuSeconds()
    const from = Date.now()
    await queue.sendAll([{ body: large, group: crowd }])
    let shown = from
    while (queued.of(crowd).size < people && Date.now() - from < patience * 1000) {
      await sleep(200)
      if (Date.now() - shown > 10_000) {
        shown = Date.now()
        print(`${Math.round((shown - from) / 1000)} s: ${queued.of(crowd).size} of ${people}`)
      }
    }
    const seconds = (Date.now() - from) / 1000
    const used = cpu.cpuSeconds() - before
    const beside = events.mark()
    events.end()
    await sleep(15_000)
    const perPerson = [...queued.of(crowd).values()]
    return {
      people,
      told: perPerson.length,
      repeated: perPerson.reduce((sum, count) => sum + count - 1, 0),
      seconds,
      cpuMillisecondsEach: (used * 1000) / Math.max(1, perPerson.length),
      deadLettered: await depth(stack, String(deployment['TaskCreateDlqUrl'] ?? `${url}-dlq`)),
      quiet: waitsOf(quiet, queued.at),
      awake: waitsOf(awake, queued.at),
      beside: waitsOf(beside, queued.at),
    }
  } finally {
    events.end()
    await cpu.end()
    await queued.end()
  }
}

export function tableOf(crowds: readonly Crowd[]): string {
  const rows = crowds.map((one) =>
    [
      one.people,
      one.told,
      one.repeated,
      one.deadLettered,
      `${one.seconds.toFixed(1)} s`,
      `${one.cpuMillisecondsEach.toFixed(2)} ms`,
      ...[one.quiet, one.awake, one.beside].map(
        ({ p50, p99, count }) => `${p50} / ${p99} ms (${count})`,
      ),
    ].join(' | '),
  )
  return [
    '| people | told | twice | dead-lettered | until the last | CPU each | neighbour, quiet: p50 / p99 | quiet, MiniStack awake | beside the crowd |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

/**
 * Sends messages that no function is to get. MiniStack looks into all of its queues at each message; where
 * it finds nothing for a function, it looks again after 50 ms, and everyone's next message waits as long. So
 * it goes beside a crowd, whose mails no function gets here, and the crowd is not to blame for that.
 */
async function stir({ cloud: { sqs } }: Stack) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `stir-${randomUUID()}` }))
  const timer = setInterval(
    () =>
      void sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '-' })).catch(() => undefined),
    30,
  )
  return {
    async end() {
      clearInterval(timer)
      await sqs.send(new DeleteQueueCommand({ QueueUrl }))
    },
  }
}

async function subscribe({ cloud, deployment }: Stack, tenant: string, names: readonly string[]) {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const table = String(deployment['SubscriptionsTableName'])
  for (const some of chunks(names, 25)) {
    const puts = some.map((username) => {
      const of = { tenant, username, eventType: 'task.assign' } as const
      const address = username.includes('@') ? username : `${username}@corp.example`
      return { PutRequest: { Item: itemOf(of, [{ channel: 'email', address }]) } }
    })
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }))
  }
}

/** The people told of each tenant, how often, and when each event's mail was queued. */
async function countQueued(stack: Stack) {
  const counts = new Map<string, Map<string, number>>()
  const at = new Map<string, number>()
  const of = (tenant: string) => {
    const known = counts.get(tenant) ?? new Map<string, number>()
    counts.set(tenant, known)
    return known
  }
  const { end } = await readQueuedMails(stack, ({ tenant, address, eventId }, sentAt) => {
    of(tenant).set(address, (of(tenant).get(address) ?? 0) + 1)
    at.set(eventId, sentAt)
  })
  return { of, at, end }
}

interface Sent {
  readonly id: string
  readonly at: number
}

function trickle(send: () => Promise<string>) {
  let sent: Sent[] = []
  const timer = setInterval(async () => {
    const at = Date.now()
    sent.push({ id: await send(), at })
  }, neighbourEvery * 1000)
  return {
    /** The events since the last mark. */
    mark(): readonly Sent[] {
      const since = sent
      sent = []
      return since
    },
    end: () => clearInterval(timer),
  }
}

/** An event that was never told counts with the time until now. */
function waitsOf(sent: readonly Sent[], queuedAt: ReadonlyMap<string, number>): Waits {
  const waits = sent
    .map(({ id, at }) => (queuedAt.get(id) ?? Date.now()) - at)
    .sort((a, b) => a - b)
  const percentile = (fraction: number) =>
    Math.max(0, waits[Math.ceil(waits.length * fraction) - 1] ?? 0)
  return { count: waits.length, p50: percentile(0.5), p99: percentile(0.99) }
}

async function depth({ cloud }: Stack, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages'] as const
  const { Attributes = {} } = await cloud.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  )
  return Number(Attributes['ApproximateNumberOfMessages'])
}

/** The message that a rule makes of the bridge's entry: a large event's data is in S3. */
async function taskCreated(
  { cloud, deployment }: Stack,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  taskPooledUsers: readonly string[],
): Promise<string> {
  const type = 'task.create'
  const data = { id, type, taskTitle: 'Согласование договора №8', taskPooledUsers }
  const payloads = createPayloadStore(String(deployment['PayloadBucketName']), cloud.s3)
  const { source, detailType, detail } = await toEntry(
    { tenant, id, type, data: Buffer.from(JSON.stringify(data)) },
    payloads,
  )
  return JSON.stringify({ source, 'detail-type': detailType, detail: JSON.parse(String(detail)) })
}
