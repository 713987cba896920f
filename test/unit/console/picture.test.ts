import { describe, expect, it } from '@jest/globals'
import { type Observed, sinceAt, sinceOf } from '../../../console/server/observed.ts'
import type { PassingEvent } from '../../../console/server/passing.ts'
import { pictureOf } from '../../../console/server/picture.ts'

const at = new Date('2026-11-25T08:00:00Z')
const ago = (seconds: number) => new Date(at.getTime() - seconds * 1000).toISOString()
const queue = (name: string, waiting: number) => ({ name, waiting, inFlight: 0, delayed: 0 })

function observed(more: Partial<Observed> = {}): Observed {
  return {
    cell: 'main',
    at,
    tenants: ['acme', 'globex'],
    types: ['task.create'],
    queues: [],
    backlogs: undefined,
    since: {},
    traffic: [],
    minutes: [{ at: '2026-11-25T07:59:00.000Z', events: {}, failed: {} }],
    asOf: { queues: at, broker: at, events: at },
    faults: [],
    ...more,
  }
}

describe('the picture of a cell', () => {
  it('is well where nothing rests and nothing waits for long', () => {
    const { troubles, handlers, broker } = pictureOf(observed())
    expect(troubles).toEqual([])
    expect(handlers).toEqual([
      { id: 'task.create', rates: {}, waiting: 0, inFlight: 0, delayed: 0, dead: 0 },
    ])
    expect(broker).toBeUndefined()
  })

  it('knows that nothing passes once it has watched for a minute, not before', () => {
    const minutes = [{ at: '2026-11-25T08:00:00.000Z', events: {}, failed: {} }]
    expect(pictureOf(observed({ minutes })).bus).toEqual({})
    expect(pictureOf(observed()).bus).toEqual({ rates: {} })
    const event = { at: ago(1), tenant: 'acme', type: 'task.create', id: '1' }
    expect(pictureOf(observed({ minutes, traffic: [event] })).bus).toEqual({ rates: { acme: 1 } })
  })

  it('counts what passed in the last minute, by tenant, on the way that it took', () => {
    const task = (tenant: string, seconds: number): PassingEvent => {
      return { at: ago(seconds), tenant, type: 'task.create', id: `${seconds}` }
    }
    const result = { eventId: '1', eventType: 'task.create', channel: 'email', state: 'SENT' }
    const sent = { at: ago(1), tenant: 'acme', type: 'notification.sent', id: 'r', result }
    const traffic = [task('acme', 61), task('acme', 59), task('globex', 2), task('acme', 1), sent]
    const picture = pictureOf(observed({ traffic }))
    expect(picture.bus.rates).toEqual({ acme: 2, globex: 1 })
    expect(picture.handlers[0]?.rates).toEqual({ acme: 2, globex: 1 })
    const email = picture.channels.find(({ id }) => id === 'email')
    expect(email?.rates).toEqual({ acme: 1 })
  })

  it('says what is red before what is only slow, and where', () => {
    const result = { eventId: '1', eventType: 'task.create', channel: 'sms', state: 'ERROR' }
    const failed = { at: ago(1), tenant: 'acme', type: 'notification.failed', id: 'r', result }
    const fault = { part: 'types', kind: 'slow', text: 'EventBridge does not answer' } as const
    const { troubles } = pictureOf(
      observed({
        queues: [
          queue('ecos-main-task-create-dlq', 2),
          queue('ecos-main-email', 9),
          queue('ecos-main-quarantine', 1),
        ],
        backlogs: [
          { tenant: 'acme', waiting: 5, dead: 0 },
          { tenant: 'globex', waiting: 0, dead: 3 },
        ],
        since: { 'ecos-main-email': ago(130), 'broker acme': ago(301) },
        traffic: [failed],
        faults: [fault],
      }),
    )
    expect(troubles).toEqual([
      { level: 'red', where: 'console', why: 'unknown', fault },
      { level: 'red', where: 'globex', why: 'dead-letters', count: 3, tenant: 'globex' },
      { level: 'red', where: 'task.create', why: 'dead-letters', count: 2 },
      { level: 'red', where: 'quarantine', why: 'quarantined', count: 1 },
      { level: 'red', where: 'acme', why: 'stuck', count: 5, tenant: 'acme' },
      { level: 'warn', where: 'email', why: 'slow', count: 9 },
      { level: 'warn', where: 'sms', why: 'failing', count: 1, tenant: 'acme' },
    ])
  })

  it('says whose mail is late, once it is late by more than a single failed try', () => {
    const email = { tenant: 'acme', channel: 'email', count: 3, isMore: false, reason: 'SMTP 451' }
    const troublesAt = (seconds: number) =>
      pictureOf(observed({ late: [{ ...email, since: ago(seconds), next: [] }] })).troubles
    expect(troublesAt(119)).toEqual([])
    const { channel: where, ...about } = email
    expect(troublesAt(121)).toEqual([
      { level: 'warn', where, why: 'late', ...about, since: ago(121) },
    ])
  })

  it('says of what is late when the next try is, and by when the last of them is tried', () => {
    const email = { tenant: 'acme', channel: 'email', count: 3, isMore: false, since: ago(300) }
    const triesOf = (next: readonly string[], more = {}) =>
      pictureOf(observed({ late: [{ ...email, next, ...more }] })).troubles[0]
    const [past, soon, later] = [ago(5), ago(-19), ago(-900)]
    expect(triesOf([past, soon, later])).toMatchObject({ nextAt: soon, lastAt: later })
    expect(triesOf([past])).toMatchObject({ nextAt: past })
    // Of some it is not on record, or they were not read.
    expect(triesOf([soon, later])).not.toHaveProperty('lastAt')
    expect(triesOf([past, soon, later], { isMore: true })).not.toHaveProperty('lastAt')
    expect(triesOf([])).not.toHaveProperty('nextAt')
  })

  it('has the worst troubles and one of each kind, however many there are, and counts the others', () => {
    const late = Array.from({ length: 1_000 }, (_, nth) => ({
      ...{ tenant: `tenant-${nth}`, channel: 'email', count: 1, isMore: false, next: [] },
      since: ago(2_000 - nth),
    }))
    const queues = [queue('ecos-main-sms', 9)]
    const flooded = Array.from({ length: 5 }, (_, nth) => ({
      at: `2026-11-25T07:5${5 + nth}:00.000Z`,
      ...{ events: { acme: 94, globex: 3, initech: 3 }, failed: {} },
    }))
    const picture = pictureOf(
      observed({ late, queues, since: { 'ecos-main-sms': ago(130) }, minutes: flooded }),
    )
    const { troubles, moreTroubles, channels } = picture
    expect(troubles).toHaveLength(20)
    expect(troubles.map(({ why }) => why)).toEqual([
      ...['slow', ...Array.from({ length: 18 }, () => 'late'), 'flood'],
    ])
    expect(troubles[1]).toMatchObject({ tenant: 'tenant-0' })
    expect(moreTroubles).toEqual({ late: 982 })
    const email = channels.find(({ id }) => id === 'email')
    expect(email).toMatchObject({ level: 'warn', again: { count: 1_000, tenants: 1_000 } })
    expect(JSON.stringify(picture).length).toBeLessThan(15_000)
  })

  it('says who floods: as a note where it always does and nothing waits', () => {
    const minutes = Array.from({ length: 40 }, (_, nth) => ({
      at: new Date(Date.parse('2026-11-25T07:20:00Z') + nth * 60_000).toISOString(),
      ...{ events: { acme: 94, globex: 3, initech: 3 }, failed: {} },
    }))
    const flood = { where: 'acme', why: 'flood', tenant: 'acme', count: 94, share: 0.94 }
    expect(pictureOf(observed({ minutes })).troubles).toEqual([{ level: 'note', ...flood }])
    expect(pictureOf(observed({ minutes: minutes.slice(-5) })).troubles).toEqual([
      { level: 'warn', ...flood },
    ])
    const since = { 'ecos-main-email': ago(130) }
    const queues = [queue('ecos-main-email', 9)]
    expect(pictureOf(observed({ minutes, since, queues })).troubles).toMatchObject([
      { level: 'warn', why: 'slow' },
      { level: 'warn', ...flood },
    ])
  })

  it('counts the events of a pool by its tenants, and its trouble is of each', () => {
    const task = (tenant: string) => ({ at: ago(1), tenant, type: 'task.create', id: '1' })
    const pool = { tenant: 'cell.main.p01.eventbridge', pooled: ['acme', 'constructor'] }
    const { broker, troubles } = pictureOf(
      observed({
        backlogs: [{ ...pool, waiting: 0, dead: 2, deadLetterQueues: ['x.dead-letter'] }],
        traffic: [task('acme'), task('acme'), task('globex')],
      }),
    )
    expect(broker).toMatchObject([
      { pooled: pool.pooled, rates: { acme: 2 }, deadLetterQueues: ['x.dead-letter'] },
    ])
    expect(troubles).toEqual([{ level: 'red', where: pool.tenant, why: 'dead-letters', count: 2 }])
  })

  it('has no number for what was never answered', () => {
    const picture = pictureOf(observed({ queues: undefined, asOf: {} }))
    expect(picture.handlers).toEqual([{ id: 'task.create' }])
    expect(picture.bus).toEqual({})
    expect(picture.quarantine).toBeUndefined()
  })

  it('counts the minute before the latest answer, while no newer one comes', () => {
    const events = new Date(ago(40))
    const event = { at: ago(70), tenant: 'acme', type: 'task.create', id: '1' }
    const picture = pictureOf(observed({ traffic: [event], asOf: { events } }))
    expect([picture.bus.rates, picture.asOf]).toEqual([{ acme: 1 }, { events: ago(40) }])
  })

  it('takes no queue of another cell for its own', () => {
    const { troubles } = pictureOf(observed({ queues: [queue('ecos-main-2-task-create-dlq', 1)] }))
    expect(troubles).toEqual([])
  })
})

describe('since when something waits', () => {
  it('lasts until the queue is seen empty', () => {
    const first = sinceOf({}, [queue('a', 1), queue('b', 1)], [], new Date(ago(60)))
    expect(first).toEqual({ a: ago(60), b: ago(60) })
    const backlogs = [{ tenant: 'acme', waiting: 1, dead: 0 }]
    expect(sinceOf(first, [queue('a', 3), queue('b', 0)], backlogs, at)).toEqual({
      a: ago(60),
      'broker acme': ago(0),
    })
  })

  it('is not known after a time in which nobody looked', () => {
    const since = { a: ago(3_600) }
    expect(sinceAt({ at: new Date(ago(2)), since }, at)).toBe(since)
    expect(sinceAt({ at: new Date(ago(600)), since }, at)).toEqual({})
  })
})
