import { describe, expect, it } from '@jest/globals'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const fileOf = (name: string) => import(`../../../console/page/${name}.js`)
const { dayOf, lettersOf, saidOfList, stepsOf } = await fileOf('story')
const { wordsIn } = await fileOf('texts')

const words = wordsIn('en')
const start = Date.parse('2026-11-28T10:00:00Z')
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString()

const seen = (seconds: number) => ({
  at: at(seconds),
  type: 'task.create',
  id: 'e',
  tenant: 'acme',
})
const story = { tenant: 'acme', eventType: 'task.create', eventId: 'e', notifications: [] }
const notes = { state: 'HANDLED', recipients: 0, notifications: 0 }

const saidOf = (found: object, passed: readonly object[] = []) =>
  stepsOf({ stories: [], letters: [], ...found }, passed, words).map(
    ({ at, said }: { at: string; said: string }) => [(Date.parse(at) - start) / 1000, said],
  )

describe('the steps of an event', () => {
  it('begin with its own time in ECOS', () => {
    const handled = { ...notes, happenedAt: at(0), queuedAt: at(45), handledAt: at(46) }
    expect(saidOf({ stories: [{ ...story, handled }] })).toEqual([
      [0, 'Happened in ECOS, by its clock'],
      [46, expect.stringMatching(/^Handled/)],
    ])
  })

  it('have the time of an event that was not handled from its letter', () => {
    const body = JSON.stringify({ detail: { id: 'e', time: at(0) } })
    const letter = { kind: 'event', queue: 'q', messageId: 'm', sentAt: at(5), body }
    const other = { ...letter, kind: 'notification', body: JSON.stringify({ detail: {} }) }
    expect(saidOf({ letters: [letter, other, { ...letter, body: 'no JSON' }] })[0]).toEqual([
      0,
      'Happened in ECOS, by its clock',
    ])
  })

  it('have the bus before what came of it, however late the console saw it pass', () => {
    const failure = { code: 'x', reason: 'y', tries: 1, at: at(3) }
    const failed = saidOf({ stories: [{ ...story, failure }] }, [seen(4)])
    expect(failed).toEqual([
      [3, 'Passed the bus'],
      [3, expect.stringMatching(/^The handler failed/)],
    ])
    const handled = { ...notes, queuedAt: at(1), startedAt: at(2), handledAt: at(3) }
    expect(saidOf({ stories: [{ ...story, handled }] }, [seen(4)])[0]).toEqual([
      1,
      'Passed the bus',
    ])
    expect(saidOf({ stories: [{ ...story, handled }] }, [seen(0)])[0]).toEqual([
      0,
      'Passed the bus',
    ])
  })
})

describe('the dead letters of an event', () => {
  const [one, two] = ['one', 'two'].map((messageId) => ({ queue: 'q', messageId }))
  it('are those of the list until the queues are read, and beside what is found where not all is', () => {
    expect(lettersOf(undefined, [one])).toEqual([one])
    expect(lettersOf({ letters: [two], more: true }, [two, one])).toEqual([two, one])
    expect(lettersOf({ letters: [], more: false }, [one])).toEqual([])
  })

  it('say from when they are, as long as the queues were not read', () => {
    const list = { letters: [one], at: at(0) }
    const said = `In the list of dead letters, as read at ${words.time(at(0))}: 1`
    expect(saidOfList(undefined, list, words)).toBe(said)
    expect(saidOfList({ more: true }, list, words)).toBe(said)
    expect(saidOfList(undefined, { ...list, letters: [] }, words)).toMatch(/: 0$/)
    expect(saidOfList({ more: false }, list, words)).toBeUndefined()
    // The list was never read, or is not here yet.
    expect(saidOfList(undefined, { letters: [] }, words)).toBeUndefined()
    expect(saidOfList(undefined, undefined, words)).toBeUndefined()
  })
})

describe('the day of the steps', () => {
  it('is told once, if they are of one', () => {
    const steps = [{ at: at(0) }, { at: at(9) }]
    expect(dayOf(steps, words)).toBe(words.day(at(0)))
    expect(words.day(at(0))).toMatch(/2026/)
    expect(dayOf([...steps, { at: at(48 * 3600) }], words)).toBeUndefined()
  })
})
