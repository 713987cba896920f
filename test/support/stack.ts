import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'amqplib'
import * as z from 'zod'
import { readEnvironment } from '../../lib/config.ts'
import { connectCloud } from '../../local/cloud.ts'
import { identified, type SampleMessage } from '../../local/demo/events-file.ts'
import type { Deployment } from '../../local/deploy.ts'
import type { Receivers } from '../../local/receivers/start.ts'

/** The stack that local/test.ts started and deployed. */
export function runningStack() {
  const environment = readEnvironment(
    z.object({
      AMQP_URL: z.string(),
      AWS_ENDPOINT_URL: z.string(),
      INBOX_URL: z.string(),
      SMTP_URL: z.string(),
      RECEIVERS: z.string(),
      DEPLOYMENT: z.string(),
    }),
    process.env,
  )
  const { AMQP_URL, AWS_ENDPOINT_URL, INBOX_URL, SMTP_URL, RECEIVERS, DEPLOYMENT } = environment
  return {
    amqpUrl: AMQP_URL,
    inboxUrl: INBOX_URL,
    smtpUrl: SMTP_URL,
    awsEndpoint: AWS_ENDPOINT_URL,
    receivers: JSON.parse(RECEIVERS) as Receivers,
    cloud: connectCloud(AWS_ENDPOINT_URL),
    deployment: JSON.parse(DEPLOYMENT) as Deployment,
  }
}

/** A tenant id that no other test uses. */
export function newTenant(): string {
  return `t-${randomUUID()}`
}

/** A message as ECOS publishes it, of one event. */
export function taskMessage(
  tenant: string,
  data: Record<string, unknown> = {},
  type = 'task.create',
): SampleMessage {
  return rawMessage(tenant, type, JSON.stringify({ data: { id: randomUUID(), type, ...data } }))
}

export function rawMessage(tenant: string, routingKey: string, body: string): SampleMessage {
  const exchange = `tenant.${tenant}.events`
  const properties = { contentType: 'text/plain', deliveryMode: 2, priority: 0 }
  return identified({ line: 0, tenant, exchange, routingKey, properties, body })
}

/** Calls `work` with a channel on a new connection. */
export async function onChannel<T>(
  amqpUrl: string,
  work: (
    channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>,
  ) => Promise<T>,
): Promise<T> {
  const connection = await connect(amqpUrl)
  try {
    return await work(await connection.createChannel())
  } finally {
    await connection.close()
  }
}

/** Takes the first message of a queue and gives it back, until the queue's delivery limit sets it aside. */
export async function setAside(amqpUrl: string, queue: string, limit: number): Promise<void> {
  await onChannel(amqpUrl, async (channel) => {
    for (let deliveries = 0; deliveries <= limit; deliveries += 1) {
      const taken = await eventually(() => channel.get(queue), Boolean)
      if (taken) channel.nack(taken)
    }
    await channel.checkQueue(queue)
  })
}

/** The number of ready messages in a queue. */
export function countMessages(amqpUrl: string, queue: string): Promise<number> {
  return onChannel(amqpUrl, async (channel) => (await channel.checkQueue(queue)).messageCount)
}

/**
 * Calls `ask` until the answer is the expected one: a lasting one, as a passing one may be missed.
 *
 * @param seconds ends a test that hangs: on a busy machine an answer may take minutes
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWished: (answer: T) => boolean,
  seconds = 180,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (isWished(answer)) return answer
    if (Date.now() > deadline)
      throw new Error(`Still not so after ${seconds} s: ${JSON.stringify(answer)}`)
    await sleep(100)
  }
}
