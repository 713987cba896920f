import { randomUUID } from 'node:crypto'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, it } from '@jest/globals'
import { createQueues } from '../../lib/aws/sqs.ts'
import { listNotifications } from '../../lib/aws/tables/notifications-list.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import type {
  ListedNotification,
  NotificationFilter,
} from '../../lib/operations/notification-listing.ts'
import { readMails } from '../../local/mail.ts'
import { busEvent } from '../support/bus-event.ts'
import { journey } from '../support/journey.ts'
import { emptied } from '../support/notifications.ts'
import { eventually, newTenant, runningStack, taskMessage } from '../support/stack.ts'

const { cloud, deployment, inboxUrl } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)

/** `npm run load` asks for 10,000. */
const count = Number(process.env['LOAD_EVENTS'] ?? 100)
/** Seconds that the deployed functions may take. */
const patience = 180 + count

it(
  `${count} events, each three times in its handler's queue, become one mail each`,
  async () => {
    const tenant = newTenant()
    const address = `${tenant}@load.example`
    const book = createSubscriptionBook(deployment['SubscriptionsTableName'] ?? '', client)
    const of = { tenant, username: 'petrov', eventType: 'task.assign' } as const
    await book.change(of, () => [{ channel: 'email', address }])

    const ids = Array.from({ length: count }, () => randomUUID())
    const messages = ids.map((id) => ({ body: taskCreated(tenant, id), group: tenant }))
    const queue = createQueues(cloud.sqs)(deployment['TaskCreateQueueUrl'] ?? '')
    await queue.sendAll([...messages, ...messages.toReversed(), ...messages])

    const table = { TableName: deployment['NotificationsTableName'] ?? '', client }
    const listAll = async (filter: NotificationFilter): Promise<ListedNotification[]> => {
      const all: ListedNotification[] = []
      let before: string | undefined
      do {
        const page = await listNotifications(table, tenant, filter, { limit: count, before })
        all.push(...page.notifications)
        before = page.before
      } while (before !== undefined)
      return all
    }
    await emptied('TaskCreateQueueUrl', patience)
    const sent = await eventually(
      () => listAll({ state: 'SENT' }),
      ({ length }) => length >= count,
      patience,
    )
    // What is left there are repetitions: they would come to nothing, or to mails too many.
    await emptied('EmailQueueUrl', patience)
    const all = await listAll({})
    expect(all.map(({ eventId }) => eventId).sort()).toEqual(ids.toSorted())
    expect(sent.map(({ attempts }) => attempts)).toEqual(ids.map(() => 1))
    const mails = (await readMails(inboxUrl)).filter(({ to }) =>
      to.some((recipient) => recipient.address === address),
    )
    expect(mails).toHaveLength(count)
  },
  4 * patience * 1000,
)

it(
  `${count} events that are published at once are all handled and delivered: none is dead-lettered`,
  async () => {
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`)
    const messages = Array.from({ length: count }, (_, index) =>
      taskMessage('flood', { taskPooledUsers: [users[index % users.length]] }),
    )
    const { totals } = await journey(messages)
    expect(totals).toMatchObject({
      published: count,
      bridged: count,
      quarantined: 0,
      deadLettered: 0,
      lost: 0,
      notifications: count,
      delivered: count,
    })
  },
  4 * patience * 1000,
)

function taskCreated(tenant: string, id: string): string {
  return busEvent(tenant, 'task.create', id, { taskTitle: id, taskPooledUsers: ['petrov'] })
}
