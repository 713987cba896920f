import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Context } from '../context.ts'
import type { Deployment } from '../deploy.ts'
import { readMails } from '../mail.ts'
import { inStep } from '../progress.ts'
import { dataOf, identified, type SampleMessage } from './events-file.ts'
import { publish } from './publish.ts'
import { drain } from './run.ts'

const tenant = 'acme'
const username = 'deadline-reader'
const reader = `${username}@${tenant}.example`

/** Milliseconds until the reminder is due: a moment that has passed when the event is handled reminds nobody. */
const ahead = 90_000

export interface ReminderDemo {
  readonly amqpUrl: string
  readonly inboxUrl: string
  readonly cloud: Cloud
  readonly deployment: Deployment
  readonly samples: readonly SampleMessage[]
}

/**
 * Shows a reminder: somebody is assigned a task that is due in little more than an hour, and is reminded an hour
 * before. Needs a tenant whose `workingHours` are `always`.
 *
 * @returns the subject of the mail
 */
export function showReminder(demo: ReminderDemo, context: Context): Promise<string> {
  return inStep(
    context.onProgress,
    'Reminder: an hour before a task is due, about two minutes from now',
    async () => {
      await subscribeReader(demo)
      await publish(demo.amqpUrl, [assignment(demo.samples, new Date())])
      await drain(demo.cloud, demo.deployment)
      return reminderTo(demo.inboxUrl, context.signal)
    },
    (subject) => `mail in ${demo.inboxUrl}: ${subject}`,
  )
}

async function subscribeReader({ cloud, deployment }: ReminderDemo): Promise<void> {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const book = createSubscriptionBook(deployment['SubscriptionsTableName'] ?? '', client)
  const of = { tenant, username, eventType: 'task.assign' } as const
  await book.change(of, () => [
    { channel: 'email', address: reader, locale: 'en', reminders: ['1h before due'] },
  ])
}

/** The tenant's assignment among the samples, of a new task for the reader. */
function assignment(samples: readonly SampleMessage[], now: Date): SampleMessage {
  const sample = samples.find((one) => one.tenant === tenant && one.type === 'task.assign')
  if (sample === undefined) throw new Error(`The samples have no task.assign of ${tenant}`)
  const data = {
    ...dataOf(sample.body),
    id: randomUUID(),
    assignee: username,
    dueDate: now.getTime() + 3_600_000 + ahead,
    taskInstanceId: `activiti$${now.getTime()}`,
  }
  return identified({ ...sample, body: JSON.stringify({ data }) })
}

/** The second mail: the first tells of the assignment. */
async function reminderTo(inboxUrl: string, signal: AbortSignal): Promise<string> {
  const deadline = Date.now() + 300_000
  while (Date.now() < deadline) {
    const mails = (await readMails(inboxUrl)).filter(({ to }) =>
      to.some(({ address }) => address === reader),
    )
    const reminder = mails.find(({ subject }) => subject.startsWith('Reminder'))
    if (reminder) return reminder.subject
    await sleep(1_000, undefined, { signal })
  }
  throw new EcosError('no-mail', `The reminder to ${reader} did not come: see .local/logs`)
}
