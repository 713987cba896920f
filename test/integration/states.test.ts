import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from '@jest/globals'
import { createQueues } from '../../lib/aws/sqs.ts'
import { peek } from '../../local/demo/peek.ts'
import { readMails } from '../../local/mail.ts'
import { newNotification, notificationStore, queue, storyOf } from '../support/notifications.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'

const { cloud, deployment, inboxUrl } = runningStack()
const seconds = 1000

/** The messages of a dead-letter queue that have the text in their bodies, once there is one. */
async function resting(dlq: string, text: string) {
  const looking = async () =>
    (await peek(cloud.sqs, deployment[dlq] ?? '')).filter(({ Body = '' }) => Body.includes(text))
  return eventually(looking, ({ length }) => length > 0, 60)
}

/** Resolves when a queue has nothing waiting and nothing that is being handled. */
async function emptied(queueUrl: string): Promise<void> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: deployment[queueUrl],
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  })
  const counts = async () => Object.values((await cloud.sqs.send(command)).Attributes ?? {})
  await eventually(counts, (all) => all.every((count) => count === '0'))
}

async function mailsTo(address: string) {
  const mails = await readMails(inboxUrl)
  return mails.filter(({ to }) => to.some((one) => one.address === address))
}

describe('a notification', () => {
  it(
    'that is out of time is EXPIRED and rests in the dead-letter queue, and was not sent',
    async () => {
      const address = `${newTenant()}@acme.example`
      const notification = newNotification({ address })
      await notificationStore.add(notification)
      await queue(notification, { queuedAt: '2026-01-01T00:00:00.000Z' })

      const [letter, ...others] = await resting('EmailDlqUrl', notification.notificationId)
      expect(others).toEqual([])
      // One receive more: that of looking.
      expect(letter?.Attributes?.ApproximateReceiveCount).toBe('11')
      expect(await notificationStore.find(notification)).toMatchObject({
        state: 'EXPIRED',
        reason: 'it was not delivered in time',
        attempts: 0,
      })
      expect(await mailsTo(address)).toEqual([])
    },
    90 * seconds,
  )

  it(
    'that is queued twice is sent once',
    async () => {
      const address = `${newTenant()}@acme.example`
      const notification = newNotification({ address })
      await notificationStore.add(notification)
      await Promise.all([queue(notification), queue(notification), queue(notification)])
      const record = await eventually(
        () => notificationStore.find(notification),
        (found) => found?.state === 'SENT',
      )
      expect(record?.deliveries).toEqual([
        { at: expect.any(String), outcome: 'sent', providerId: expect.any(String) },
      ])
      await queue(notification)
      await emptied('EmailQueueUrl')
      expect(await mailsTo(address)).toHaveLength(1)
    },
    60 * seconds,
  )
})

describe('an event that its handler rejects', () => {
  it(
    'rests in the dead-letter queue, and why it does is on record',
    async () => {
      const [tenant, eventId] = [newTenant(), 'e1']
      const detail = {
        specversion: '1.0',
        id: eventId,
        source: `/ecos/tenants/${tenant}`,
        type: 'task.create',
        tenantid: tenant,
        datacontenttype: 'application/json',
        data: { type: 'task.create', taskPooledUsers: 'no list' },
      }
      const body = JSON.stringify({
        source: `ecos.${tenant}`,
        'detail-type': 'task.create',
        detail,
      })
      const url = deployment['TaskCreateQueueUrl'] ?? ''
      await createQueues(cloud.sqs)(url).sendAll([{ body, group: tenant }])

      const [letter] = await resting('TaskCreateDlqUrl', tenant)
      expect(letter?.Attributes?.ApproximateReceiveCount).toBe('6')
      expect(await storyOf({ tenant, eventType: 'task.create', eventId })).toEqual([
        expect.objectContaining({
          entry: 'failure',
          code: 'invalid-event-data',
          reason: expect.stringMatching(/does not fit: taskPooledUsers$/),
          tries: 5,
        }),
      ])
    },
    90 * seconds,
  )
})
