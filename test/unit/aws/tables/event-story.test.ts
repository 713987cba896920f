import { expect, it } from '@jest/globals'
import { storyOf } from '../../../../lib/aws/tables/event-story.ts'

const key = { tenant: 'acme', eventType: 'task.create', eventId: '1' }
const nextAt = '2026-11-25T10:30:00.000Z'
const delivery = { at: '2026-11-25T10:00:00.000Z', outcome: 'unknown', nextAt }
const notification = {
  ...{ entry: 'notification#1', notificationId: '1', username: 'anna', channel: 'email' },
  ...{ state: 'UNCERTAIN', createdAt: delivery.at, attempts: 1, deliveries: [delivery] },
}

it('an event tells the next try of a notification until it has ended, however it did', () => {
  const triesOf = (more: object) =>
    storyOf(key, [{ ...notification, ...more }]).notifications[0]?.deliveries
  expect(triesOf({})).toEqual([delivery])
  const { nextAt: _, ...tried } = delivery
  // Its time to live was over before that try, or its task was.
  expect(triesOf({ endedAt: nextAt })).toEqual([tried])
  // Its message came back from the dead-letter queue.
  expect(triesOf({ endedAt: '2026-11-25T09:00:00.000Z' })).toEqual([delivery])
})
