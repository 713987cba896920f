import { describe, expect, it } from '@jest/globals'
import type { EventStory, NotificationStory } from '../../../lib/operations/event-story.ts'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const path = '../../../console/page/way.js'
const { wayOf } = await import(path)

const start = Date.parse('2026-11-28T10:00:00Z')
const at = (ms: number) => new Date(start + ms).toISOString()

const one: NotificationStory = {
  notificationId: 'n',
  username: 'ivanov',
  channel: 'email',
  state: 'SENT',
  createdAt: at(1_000),
  attempts: 2,
  deliveries: [
    { at: at(3_000), tookMs: 500, outcome: 'transient', reason: 'smtp-451' },
    { at: at(9_000), tookMs: 1_000, outcome: 'sent' },
  ],
}

function story(notifications: readonly NotificationStory[], handled = {}): EventStory {
  const counts = { state: 'HANDLED', recipients: 1, notifications: 1, handledAt: at(1_100) }
  const key = { tenant: 'acme', eventType: 'task.create', eventId: 'e' }
  return { ...key, handled: { ...counts, ...handled }, notifications }
}

/** Each row as its parts: kind, and milliseconds since the start. */
const rowsOf = (of: EventStory, now = start + 60_000) =>
  wayOf(of, now).rows.map(({ parts }: { parts: { kind: string; from: number; to: number }[] }) =>
    parts.map(({ kind, from, to }) => [kind, from - start, to - start]),
  )

describe('the way of an event', () => {
  it('is where the event was, and for how long, then each notification', () => {
    const times = { happenedAt: at(0), queuedAt: at(700), startedAt: at(800) }
    expect(rowsOf(story([one], times))).toEqual([
      [['bridge', 0, 700]],
      [['handlerQueue', 700, 800]],
      [['handler', 800, 1_100]],
      [
        ['queue', 1_000, 2_500],
        ['sender', 2_500, 3_000],
        ['retry', 3_000, 8_000],
        ['sender', 8_000, 9_000],
      ],
    ])
  })

  it('names the slowest part, whose it is, and what it waited for', () => {
    const { slowest } = wayOf(story([one]), start)
    expect(slowest).toMatchObject({ part: { kind: 'retry', reason: 'smtp-451' }, one })
  })

  it('goes on to now where a notification waits, and to the end of a hold', () => {
    const waits = { ...one, state: 'WAIT_FOR_DISPATCH', deliveries: [] }
    expect(rowsOf(story([waits]))).toEqual([[['open', 1_000, 60_000]]])
    const held = { ...waits, heldUntil: at(90_000) }
    expect(rowsOf(story([held]))).toEqual([[['held', 1_000, 60_000]]])
    expect(wayOf(story([held]), start).slowest).toBeUndefined()
  })

  it('tells a hold that is over from the queue', () => {
    const delivery = { at: at(9_500), tookMs: 400, outcome: 'sent' } as const
    const sent = { ...one, releasedAt: at(9_000), attempts: 1, deliveries: [delivery] }
    expect(rowsOf(story([sent]))).toEqual([
      [
        ['held', 1_000, 9_000],
        ['queue', 9_000, 9_100],
        ['sender', 9_100, 9_500],
      ],
    ])
    expect(wayOf(story([sent]), start).slowest?.part.kind).toBe('sender')
    // It is queued first, and then recorded.
    expect(rowsOf(story([{ ...sent, releasedAt: at(9_600) }]))[0]?.[0]).toEqual([
      'held',
      1_000,
      9_100,
    ])
  })

  it('takes a crowd', () => {
    const crowd = Array.from({ length: 40_000 }, () => one)
    expect(wayOf(story(crowd), start)).toMatchObject({ from: start + 1_000, to: start + 9_000 })
  })

  it('leaves out what the clocks of two machines contradict', () => {
    const times = { happenedAt: at(5_000), queuedAt: at(700), startedAt: at(800) }
    expect(rowsOf(story([], times))).toEqual([
      [['handlerQueue', 700, 800]],
      [['handler', 800, 1_100]],
    ])
  })

  it('is empty where nothing is on record', () => {
    const { rows, slowest } = wayOf({ ...story([]), handled: undefined }, start)
    expect([rows, slowest]).toEqual([[], undefined])
  })
})
