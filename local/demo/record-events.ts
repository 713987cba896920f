import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { loadAttributes, records } from '../../examples/record-source/src/cases.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { RecordEventSource } from '../../lib/record-event-source.ts'
import type { Cloud } from '../cloud.ts'
import type { Context } from '../context.ts'
import type { Deployment } from '../deploy.ts'
import { readMails } from '../mail.ts'
import { inStep } from '../progress.ts'

const tenant = 'acme'
const reader = `case-reader@${tenant}.example`

/** Subscribes a person to cases, with a template that needs their title and their author's address. */
export async function subscribeCaseReader(cloud: Cloud, deployment: Deployment): Promise<void> {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const book = createSubscriptionBook(deployment['SubscriptionsTableName'] ?? '', client)
  const of = { tenant, username: 'case-reader', eventType: 'record-changed' } as const
  // The condition needs the title too, and is false for events of sources that do not send one.
  const condition = { t: 'not', val: { t: 'empty', att: 'case.title' } } as const
  await book.change(of, () => [
    { channel: 'email', address: reader, locale: 'en', template: 'case-changed', condition },
  ])
}

export interface RecordEventsDemo {
  readonly amqpUrl: string
  readonly inboxUrl: string
  /** Runs one drain of the bridge. */
  drain(): Promise<void>
}

/**
 * Shows both orders of start: one source starts before the bridge, and its event waits for the answer;
 * another starts after the bridge, and the next drain answers it.
 *
 * @returns the subjects of the mails
 */
export function showRecordEvents(demo: RecordEventsDemo, context: Context): Promise<string[]> {
  return inStep(
    context.onProgress,
    'Record events: a source before the bridge, and one after it',
    async () => {
      for (const [index, id] of ['cases-before', 'cases-after'].entries()) {
        await announceBy(id, records[index] ?? '', demo)
      }
      // It bridges the event of the second source.
      await demo.drain()
      return mailsToReader(demo.inboxUrl, records.length, context.signal)
    },
    (subjects) => `mails in ${demo.inboxUrl}: ${subjects.join('; ')}`,
  )
}

async function announceBy(id: string, record: string, { amqpUrl, drain }: RecordEventsDemo) {
  const source = new RecordEventSource({
    url: amqpUrl,
    tenant,
    id,
    loadAttributes,
    waitFor: ['eventbridge'],
    settleSeconds: 70,
    log: silent,
  })
  try {
    const announced = source.announce([{ type: 'record-changed', record }])
    // A drain that runs before the source has asked does not answer it.
    const answered = announced.then(() => true)
    do await drain()
    while (!(await Promise.race([answered, sleep(200).then(() => false)])))
    await announced
  } finally {
    await source.close()
  }
}

async function mailsToReader(
  inboxUrl: string,
  count: number,
  signal: AbortSignal,
): Promise<string[]> {
  const deadline = Date.now() + 180_000
  while (!signal.aborted && Date.now() < deadline) {
    const mails = (await readMails(inboxUrl)).filter(({ to }) =>
      to.some(({ address }) => address === reader),
    )
    if (mails.length >= count) return mails.map(({ subject }) => subject)
    await sleep(250)
  }
  throw new EcosError('no-mail', `The mails to ${reader} did not come: see .local/logs`)
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
