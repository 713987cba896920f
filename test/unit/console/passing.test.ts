import { describe, expect, it } from '@jest/globals'
import { type PassingEvent, passingEvent } from '../../../console/server/passing.ts'
import { shown, withPassed } from '../../../console/server/traffic.ts'
import { sourceOf } from '../../../lib/events/source.ts'

const now = new Date('2026-11-25T08:00:00Z')
const source = 'ecos.acme'
const detail = { id: '42', type: 'task.create', tenantid: 'acme', subject: 'emodel/contract@1' }

describe('an event that passes', () => {
  it('is shown without its data', () => {
    const resources = ['arn:ecos:eventbridge:::p07']
    const data = { taskTitle: 'secret' }
    const text = JSON.stringify({ source, resources, detail: { ...detail, data } })
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
    const failed = { ...detail, type: 'notification.failed', data }
    const text = JSON.stringify({ source, detail: failed })
    const { notificationId: _, attempts: __, ...result } = data
    expect(passingEvent(text, now)?.result).toEqual(result)
  })

  it('is of the tenant that may send with its source, whatever tenant its detail names', () => {
    const passing = (of: string, tenantid: string) =>
      passingEvent(JSON.stringify({ source: of, detail: { ...detail, tenantid, data: {} } }), now)
        ?.tenant
    expect(passing('ecos.acme', 'beta')).toBe('acme')
    expect(passing('ecos._a_20b', 'a b')).toBe('a b')
    const long = 'я'.repeat(110)
    expect(passing(sourceOf(long), long)).toBe(long)
    expect(passing(sourceOf(long), 'beta')).toBeUndefined()
    expect(passing('my.app', 'acme')).toBeUndefined()
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
