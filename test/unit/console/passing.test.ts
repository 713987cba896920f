import { describe, expect, it } from '@jest/globals'
import { type PassingEvent, passingEvent } from '../../../console/server/passing.ts'
import { shown, withPassed } from '../../../console/server/traffic.ts'

const now = new Date('2026-11-25T08:00:00Z')
const detail = { id: '42', type: 'task.create', tenantid: 'acme', subject: 'emodel/contract@1' }

describe('an event that passes', () => {
  it('is shown without its data', () => {
    const resources = ['arn:ecos:eventbridge:::p07']
    const text = JSON.stringify({ resources, detail: { ...detail, data: { taskTitle: 'secret' } } })
    expect(passingEvent(text, now)).toEqual({
      at: now.toISOString(),
      tenant: 'acme',
      partition: 'p07',
      type: 'task.create',
      id: '42',
      subject: 'emodel/contract@1',
    })
  })

  it('says of a result which event and which channel', () => {
    const data = {
      notificationId: 'n',
      eventType: 'task.create',
      eventId: '42',
      channel: 'email',
      state: 'ERROR',
      reason: 'smtp-550',
      attempts: 1,
    }
    const text = JSON.stringify({ detail: { ...detail, type: 'notification.failed', data } })
    const { notificationId: _, attempts: __, ...result } = data
    expect(passingEvent(text, now)?.result).toEqual(result)
  })

  it.each(['', 'null', '{"detail":{"id":1}}'])('is none where the text is %j', (text) => {
    expect(passingEvent(text, now)).toBeUndefined()
  })
})

describe('the traffic', () => {
  const passed = (count: number, secondsAgo: number): PassingEvent[] =>
    Array.from({ length: count }, (_, index) => ({
      at: new Date(now.getTime() - secondsAgo * 1000).toISOString(),
      tenant: 'acme',
      type: 'task.create',
      id: `${secondsAgo}-${index}`,
    }))

  it('forgets what is older than a minute, but for the latest', () => {
    const kept = withPassed(passed(shown + 50, 90), passed(10, 0), now)
    expect(kept).toHaveLength(shown)
    expect(kept.at(-1)?.id).toBe('0-9')
  })

  it('is bounded', () => {
    expect(withPassed([], passed(20_000, 0), now)).toHaveLength(15_000)
  })
})
