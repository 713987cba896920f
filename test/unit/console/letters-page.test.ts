import { describe, expect, it } from '@jest/globals'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const fileOf = (name: string) => import(`../../../console/page/${name}.js`)
const { canFilter, deadIn, saidOfReading } = await fileOf('letters-read')
const { filterOf, filterSaid, withShortQueue } = await fileOf('letter-filters')
const { reasonIn } = await fileOf('letter-list')
const { wordsIn } = await fileOf('texts')
const words = wordsIn('en')

const way = { id: 'a', dead: 4 }
const picture = { broker: [way], handlers: [way, { id: 'b' }], channels: [way], quarantine: 1 }

describe('the reading of dead letters', () => {
  it('is of as many as the queues count', () => {
    expect(deadIn(picture)).toBe(13)
    expect(deadIn({ handlers: [], channels: [] })).toBe(0)
  })

  it('says how many of them are read', () => {
    const first = { isReading: true, read: 0, at: 'x' }
    expect(saidOfReading(first, picture, words)).toBe('Reading the queues … 0 of about 13 so far')
    expect(saidOfReading({ ...first, read: 15 }, picture, words)).toContain('15 of about 15')
    expect(saidOfReading({ ...first, read: 5 }, undefined, words)).toBe(
      'Reading the queues … 5 so far',
    )
    expect(saidOfReading({ ...first, until: 'y' }, picture, words)).toBe(
      'Reading the queues again …',
    )
  })

  it('leaves the filter where it is while it begins anew', () => {
    expect(canFilter({ read: 0, allQueues: [] })).toBe(false)
    expect(canFilter({ read: 3, allQueues: [] })).toBe(true)
    expect(canFilter({ read: 0, allQueues: ['quarantine'] })).toBe(true)
  })

  it('says from when to when it was', () => {
    const [at, until] = [0, 61_000].map((ms) => new Date(Date.now() + ms).toISOString())
    const said = saidOfReading({ isReading: false, read: 7, at, until }, picture, words)
    expect(said).toBe(`Read from ${words.time(at)} to ${words.time(until)}: 7`)
  })
})

describe('the filter', () => {
  it('is that of the address, its queue too', () => {
    const query = { group: 'acme', type: 'task.create', queue: 'quarantine', start: '50' }
    expect(filterOf('acme', query)).toEqual({
      ...{ tenant: 'acme', whose: 'acme', type: 'task.create', queue: 'quarantine' },
    })
    expect(filterOf('', {})).toEqual({})
  })

  it('has a queue by its short name, whichever the address has', () => {
    for (const queue of ['ecos-main-email-dlq', 'email-dlq'])
      expect(withShortQueue({ type: 'x', queue }, 'main')).toEqual({
        type: 'x',
        queue: 'email-dlq',
      })
    expect(filterOf('', withShortQueue({}, 'main'))).toEqual({})
  })

  it('is named by the button that acts on it', () => {
    expect(filterSaid({}, words)).toBe('')
    const filter = { tenant: 'acme', type: 'unknown', cause: 'not-json', words: 'x'.repeat(40) }
    expect(filterSaid(filter, words)).toBe(`acme, unknown, not-json, “${'x'.repeat(30)}…”`)
  })
})

it('a reason in the list does not repeat the id of the event', () => {
  const eventId = '4711'
  expect(reasonIn({ reason: 'killed-handler: of task.create 4711', eventId })).toBe(
    'killed-handler: of task.create',
  )
  expect(reasonIn({ reason: 'killed-handler: 4711', eventId })).toBe('killed-handler')
  expect(reasonIn({ reason: 'HTTP 503' })).toBe('HTTP 503')
  expect(reasonIn({ eventId })).toBeUndefined()
})
