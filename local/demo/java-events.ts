import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { connect } from 'amqplib'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { createBus } from '../../lib/aws/bus/eventbridge.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createRecordSender } from '../../lib/aws/quarantine.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import type { Cloud } from '../cloud.ts'
import type { Context } from '../context.ts'
import type { Deployment } from '../deploy.ts'
import { readMails } from '../mail.ts'
import { inStep } from '../progress.ts'

const id = 'acme'
const target = 'ecos-eventbridge-acme'
const reader = `java-reader@${id}.example`

export interface JavaEventsDemo {
  readonly amqpUrl: string
  readonly inboxUrl: string
  readonly cloud: Cloud
  readonly deployment: Deployment
}

/**
 * Shows events 2.0: a body as a Java service with Jackson wrote it goes through a drain of this process
 * into the deployed cell. There is no ZooKeeper, so the body is sent without a registration.
 *
 * @returns the subject of the mail that came of it
 */
export function showJavaEvent(demo: JavaEventsDemo, context: Context): Promise<string> {
  return inStep(
    context.onProgress,
    'Events 2.0: a change as a Java service sends it',
    async () => {
      await subscribeReader(demo)
      await drainWith(demo, () => sendBody(demo.amqpUrl))
      return mailToReader(demo.inboxUrl, context.signal)
    },
    (subject) => `mail in ${demo.inboxUrl}: ${subject}`,
  )
}

async function subscribeReader({ cloud, deployment }: JavaEventsDemo): Promise<void> {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const book = createSubscriptionBook(deployment['SubscriptionsTableName'] ?? '', client)
  const of = { tenant: id, username: 'java-reader', eventType: 'record-changed' } as const
  await book.change(of, () => [{ channel: 'email', address: reader, locale: 'en' }])
}

/** The first drain declares the queue, the second takes what was sent into it. */
async function drainWith(
  { amqpUrl, cloud, deployment }: JavaEventsDemo,
  work: () => Promise<void>,
): Promise<void> {
  const bus = createBus(deployment['BusName'] ?? '', cloud.eventBridge)
  const payloads = createPayloadStore(deployment['PayloadBucketName'] ?? '', cloud.s3)
  const send = createRecordSender(deployment['QuarantineQueueUrl'] ?? '', cloud.sqs)
  const quarantine = createQuarantine(send, payloads)
  const context = { publisher: createPublisher(bus), quarantine, payloads, log: silent }
  const broker = await connectBroker(amqpUrl)
  const drainOnce = () =>
    drain({ tenants: [tenant()], broker, bus, context, deadline: AbortSignal.timeout(60_000) })
  try {
    await drainOnce()
    await work()
    await drainOnce()
  } finally {
    await broker.close()
  }
}

function tenant(): Tenant {
  const entry = { wire: '2.0', target, events: ['record-changed'] }
  const [parsed] = parseTenants(JSON.stringify({ tenants: { [id]: entry } }), 'the demo')
  if (parsed === undefined) throw new Error('The demo has no tenant')
  return parsed
}

async function sendBody(amqpUrl: string): Promise<void> {
  const file = await readFile(join(import.meta.dirname, 'java-body.json'), 'utf8')
  const { bodyBase64 } = JSON.parse(file)
  const connection = await connect(amqpUrl)
  try {
    const channel = await connection.createConfirmChannel()
    const body = sentNow(Buffer.from(bodyBase64, 'base64'), new Date())
    channel.publish('ecos-events', target, body, { headers: {} })
    await channel.waitForConfirms()
  } finally {
    await connection.close()
  }
}

/** The body as Jackson wrote it, gzipped CBOR, but for its time: text of the same length. */
export function sentNow(body: Buffer, now: Date): Buffer {
  const content = gunzipSync(body)
  const at = content.toString('latin1').search(/\d{4}-\d\d-\d\dT[\d:.]{12}Z/)
  content.write(now.toISOString(), at, 'latin1')
  return gzipSync(content)
}

async function mailToReader(inboxUrl: string, signal: AbortSignal): Promise<string> {
  const deadline = Date.now() + 60_000
  while (!signal.aborted && Date.now() < deadline) {
    const mails = await readMails(inboxUrl)
    const mail = mails.find(({ to }) => to.some(({ address }) => address === reader))
    if (mail) return mail.subject
    await sleep(250)
  }
  throw new EcosError('no-mail', `The mail to ${reader} did not come: see .local/logs`)
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
