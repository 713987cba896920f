import { describe, expect, it } from '@jest/globals'
import type { NotificationRecord } from '../../../lib/notifications/store.ts'
import { endedEarlier, stillCounting, workOf } from '../../../lib/notifications/work.ts'
import { queued, retry } from './in-memory.ts'

const at = (time: string) => `2026-11-25T${time}:00.000Z`
const record: NotificationRecord = {
  ...{ ...queued, username: 'ivanov', state: 'WAIT_FOR_DISPATCH', attempts: 0, resend: 0 },
  deliveries: ['10:01', '10:05', '10:20'].map((time) => ({ at: at(time), outcome: 'unknown' })),
}
const received = { messageId: 'm1', isLastReceive: false, sentAt: new Date(at('10:20')) }
const ports = { retry, now: () => new Date(at('10:30')) }
const work = (message: object = {}, about: Partial<NotificationRecord> = {}) =>
  workOf({ ...queued, ...message }, { ...record, ...about }, received, ports)

describe('the tries of a message', () => {
  it('are those since it was sent to its queue, with the one that begins', () => {
    expect(work()).toMatchObject({ tries: 2, unknowns: 1, since: received.sentAt, isLast: false })
  })

  it('are those since the first message where it was put back', () => {
    const countedSince = at('10:05')
    expect(work({ countedSince })).toMatchObject({ tries: 3, since: new Date(countedSince) })
    const resent = { endedAt: at('10:04') }
    expect(work({ countedSince }, resent)).toMatchObject({ tries: 3 })
  })

  it('begin anew where the notification ended since: it comes from the dead-letter queue', () => {
    for (const endedAt of [at('10:05'), at('10:25')]) {
      expect(work({ countedSince: at('10:05') }, { endedAt })).toMatchObject({ tries: 2 })
    }
  })

  it('go on with a message that is put back, which says so only after the first', () => {
    expect(stillCounting(work())).toEqual({ ...queued, countedSince: at('10:20') })
    expect(stillCounting(work({}, { deliveries: [] }))).toEqual(queued)
  })
})

describe('a message of a notification that has ended', () => {
  const ended = (about: Partial<NotificationRecord>) => endedEarlier(work({}, about))
  const deliveries = (outcome: 'permanent' | 'gone' | 'transient') => {
    return { state: 'ERROR', deliveries: [{ at: at('10:05'), outcome }] } as const
  }

  it('is done where the notification ended by a refusal, or may have arrived', () => {
    expect(ended(deliveries('permanent'))).toBe('permanent')
    expect(ended(deliveries('gone'))).toBe('gone')
    expect(ended({ state: 'UNCERTAIN' })).toBe('uncertain')
  })

  it('goes to the dead-letter queue alone if it ended the notification', () => {
    const failed = { ...deliveries('transient'), reason: 'SMTP 451' }
    expect(ended({ ...failed, endedBy: 'm2' })).toBe('ended-earlier')
    expect(() => ended({ ...failed, endedBy: 'm1' })).toThrow('Not delivered by email: SMTP 451')
    const expired = { ...deliveries('gone'), state: 'EXPIRED', reason: 'late' } as const
    expect(ended({ ...expired, endedBy: 'm2' })).toBe('ended-earlier')
    expect(() => ended(expired)).toThrow("The notification's time to live is over: late")
  })
})
