import { describe, expect, it } from '@jest/globals'
import { notificationState } from '../../../lib/notifications/notification.ts'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const fileOf = (name: string) => import(`../../../console/page/${name}.js`)
const { addressOf, addressOfTenant, brokerLettersAddress, chosenTenant, eventAddress, placeOf } =
  await fileOf('place')
const { fieldOf, rangeName, rangeOf } = await fileOf('range')
const { addressFor, detailOf, levelOf, troubleCount } = await fileOf('troubles')
const { againOf } = await fileOf('again')
const { failing, oldest } = await fileOf('figures')
const { byNextTry, eventIdIn, whyNothing } = await fileOf('search')
const { wordsIn } = await fileOf('texts')

/** The paths of all texts, with the placeholders of each. */
function keysOf(text: object, path = ''): string[] {
  return Object.entries(text).flatMap(([name, value]) => {
    if (typeof value === 'object') return keysOf(value, `${path}${name}.`)
    const places = String(value).match(/\{\w+\}/g) ?? []
    return [`${path}${name} ${[...new Set(places)].sort().join(' ')}`]
  })
}

describe('the page', () => {
  it('says everything in both languages, with the same values', () => {
    expect(keysOf(wordsIn('ru').text)).toEqual(keysOf(wordsIn('en').text))
  })

  it('has words for every state of a notification', () => {
    for (const language of ['en', 'ru']) {
      expect(Object.keys(wordsIn(language).text.states)).toEqual(
        expect.arrayContaining(notificationState.options),
      )
    }
  })

  it.each([
    ['search', '', { tenant: 'acme', words: 'договор № 42 & #1?' }],
    ['event', 'a/b?c#d', { tenant: 'acme' }],
    ['event', '100%', {}],
  ])('leads back to the view that its address names: %s %s', (view, rest, query) => {
    expect(placeOf(addressOf(view, rest, query))).toEqual({ view, rest, query })
  })

  it('takes any address', () => {
    expect(placeOf('#event/%')).toEqual({ view: 'event', rest: '%', query: {} })
    expect(placeOf('')).toEqual({ view: '', rest: '', query: {} })
    expect(addressOf('event', '\ud800')).toBe('#event/%EF%BF%BD')
  })

  it('reads the time range of its address', () => {
    const now = Date.parse('2026-11-28T12:00:00Z')
    expect(rangeOf({ range: '1h' }, now)).toEqual({ from: '2026-11-28T11:00:00.000Z' })
    expect(rangeOf({ range: 'toString' }, now)).toEqual({ from: '2026-11-27T12:00:00.000Z' })
    // Charts begin with the last hour, as the figures above them.
    const named = [
      rangeName({}, 'search'),
      rangeName({}, 'trends'),
      rangeName({ range: 'x' }, 'trends'),
    ]
    expect([...named, rangeName({ range: '7d' }, 'trends')]).toEqual(['24h', '1h', '1h', '7d'])
    const from = '2026-11-28T10:30:00.000Z'
    expect(rangeOf({ range: 'own', from, to: 'x' }, now)).toEqual({ from })
  })

  it('writes a time into a field in the reader’s zone, and reads it back', () => {
    const from = '2026-11-28T10:30:00.000Z'
    expect(rangeOf({ range: 'own', from: fieldOf(from) }, 0)).toEqual({ from })
    expect([fieldOf(undefined), fieldOf('x')]).toEqual(['', ''])
  })

  it('looks for the id of an event among all where a page has nothing, also if there are more pages', () => {
    const id = '3f2504e0-4f89'
    const none: readonly object[] = []
    expect(eventIdIn({ words: id }, '', none)).toBe(id)
    expect(eventIdIn({ words: id, before: '2026-11-28T12:00:00.000Z' }, '', none)).toBe(id)
    expect(eventIdIn({ words: id }, 'acme', none)).toBeUndefined()
    expect(eventIdIn({ words: id }, '', [{}])).toBeUndefined()
    expect(eventIdIn({ words: 'contract' }, '', none)).toBeUndefined()
    expect(eventIdIn({ words: `${id} anna` }, '', none)).toBeUndefined()
    expect(eventIdIn({}, '', none)).toBeUndefined()
  })

  it('keeps the chosen tenant while an event of any tenant is looked at', () => {
    const event = placeOf('#event/1?tenant=acme')
    expect(chosenTenant(event, '')).toBe('')
    expect(chosenTenant(event, 'globex')).toBe('globex')
    expect(chosenTenant(placeOf('#search?tenant=acme'), 'globex')).toBe('acme')
    expect(chosenTenant(placeOf('#search'), 'globex')).toBe('')
  })

  it('has the chosen tenant in the address of an event, beside that of the event', () => {
    const opened = (here: string) => placeOf(eventAddress('1', 'acme', undefined, here))
    expect(opened('#search?words=x').query).toEqual({ tenant: 'acme' })
    const event = opened('#search?tenant=globex')
    expect(event.query).toEqual({ tenant: 'acme', chosen: 'globex' })
    // After a reload nothing else is known, and the event may lead to others.
    expect(chosenTenant(event, '')).toBe('globex')
    expect(opened('#event/2?tenant=initech&chosen=globex').query).toEqual(event.query)
    expect(opened('#event/2?tenant=initech').query).toEqual({ tenant: 'acme' })
  })

  it('leads from an event to the search of a tenant that is chosen there', () => {
    const event = placeOf('#event/1?tenant=acme&notification=2&chosen=globex')
    const at = { view: 'search', rest: '' }
    expect(placeOf(addressOfTenant(event, 'initech'))).toEqual({
      ...at,
      query: { tenant: 'initech' },
    })
    expect(placeOf(addressOfTenant(event, ''))).toEqual({ ...at, query: {} })
    const letters = placeOf('#letters?tenant=acme&start=50&type=task.create')
    expect(placeOf(addressOfTenant(letters, 'globex'))).toEqual({
      ...{ view: 'letters', rest: '' },
      query: { tenant: 'globex', type: 'task.create' },
    })
  })

  it('leads from what is late to what waits for another try, whenever it was created', () => {
    const late = { why: 'late', where: 'email', tenant: 'acme' }
    const address = addressFor(late, { handlers: [], channels: [{ id: 'email' }] })
    const query = { tenant: 'acme', channel: 'email', state: 'RETRIED', range: '30d' }
    expect(placeOf(address)).toEqual({ view: 'search', rest: '', query })
  })

  it('leads from dead letters and from the quarantine to those alone', () => {
    const cell = { cell: 'main', handlers: [{ id: 'task.create' }], channels: [{ id: 'email' }] }
    const leadsTo = (trouble: object) => placeOf(addressFor(trouble, cell))
    const dead = { why: 'dead-letters' }
    const at = { view: 'letters', rest: '' }
    expect(leadsTo({ ...dead, where: 'task.create' })).toEqual({
      ...at,
      query: { queue: 'ecos-main-task-create-dlq' },
    })
    expect(leadsTo({ ...dead, where: 'email' })).toEqual({
      ...at,
      query: { queue: 'ecos-main-email-dlq' },
    })
    // A tenant may be named like a channel.
    expect(leadsTo({ ...dead, where: 'email', tenant: 'email' })).toEqual({
      ...at,
      query: { tenant: 'email' },
    })
    expect(leadsTo({ why: 'quarantined', where: 'quarantine' })).toEqual({
      ...at,
      query: { queue: 'ecos-main-quarantine' },
    })
  })

  it('leads from a pool’s dead letters at the broker to those alone', () => {
    const pool = { id: 'cell.main.p00.eventbridge', pooled: ['acme', 'globex'] }
    const deadLetterQueues = ['p00.dead-letter', 'p00.bypass.dead-letter']
    const [one, both] = [deadLetterQueues.slice(0, 1), deadLetterQueues].map((queues) => {
      const broker = [{ id: 'acme' }, { ...pool, deadLetterQueues: queues }]
      const trouble = { why: 'dead-letters', where: pool.id }
      return placeOf(addressFor(trouble, { cell: 'main', broker, handlers: [], channels: [] }))
    })
    expect(one).toEqual({ view: 'letters', rest: '', query: { queue: 'p00.dead-letter' } })
    expect(both?.query).toEqual({ queue: 'p00.dead-letter,p00.bypass.dead-letter' })
    // In Pipeline, of the chosen tenant.
    const ofAcme = brokerLettersAddress({ ...pool, deadLetterQueues }, 'acme')
    expect(placeOf(ofAcme).query).toEqual({ ...both?.query, tenant: 'acme' })
    expect(placeOf(brokerLettersAddress({ id: 'acme' }, '')).query).toEqual({ tenant: 'acme' })
  })

  describe('of what is late', () => {
    const words = wordsIn('en')
    const [at, nextAt, lastAt] = [0, 19, 900].map((seconds) =>
      new Date(Date.parse('2026-11-28T12:00:00.000Z') + seconds * 1000).toISOString(),
    )
    const since = '2026-11-28T11:51:00.000Z'
    const late = { why: 'late', where: 'email', tenant: 'acme', count: 25, since }
    const said = (more: object) => detailOf({ ...late, ...more }, { at }, words)

    it('says when the next try is, and by when the last is tried', () => {
      expect(said({ nextAt, lastAt })).toBe(
        'Waiting after a failed try: 25, the oldest for 9 min. ' +
          `Next try ${words.time(nextAt)}, in 19 sec; the last of 25 by ${words.time(lastAt)}.`,
      )
      expect(said({ nextAt })).toContain(`Next try ${words.time(nextAt)}, in 19 sec.`)
    })

    it('promises no more than was read', () => {
      const more = said({ nextAt, isMore: true })
      expect(more).toContain('Waiting after a failed try: 25+')
      expect(more).toContain(`Next try ${words.time(nextAt)} at the latest, in 19 sec.`)
      expect(said({ nextAt: since })).toContain(`The next try was due at ${words.time(since)}`)
      expect(said({})).toBe('Waiting after a failed try: 25, the oldest for 9 min.')
    })

    it('lists what is tried next first', () => {
      const one = (nextTryAt?: string) => ({ nextTryAt })
      const listed = [one(lastAt), one(), one(nextAt)]
      expect(listed.toSorted(byNextTry)).toEqual([one(nextAt), one(lastAt), one()])
    })

    const worst = [{ tenant: 'acme', count: 25, isMore: false, since }]
    const email = {
      ...{ id: 'email', inFlight: 26 },
      again: { count: 26, isMore: false, since, tenants: 2, worst },
    }

    it('counts it of the chosen tenant, and of all where its own is not known', () => {
      expect(againOf([email], '')).toEqual({ count: 26, isMore: false, since, isOfAll: false })
      expect(againOf([email], 'acme')).toMatchObject({ count: 25, isOfAll: false })
      expect(againOf([email], 'globex')).toMatchObject({ count: 26, isOfAll: true })
      const all = [{ ...email, again: { ...email.again, tenants: 1 } }]
      expect(againOf(all, 'globex')).toBeUndefined()
      expect(againOf([{ id: 'email' }], '')).toBeUndefined()
    })

    it('does not leave it out of the oldest that waits', () => {
      const asOf = { queues: at, broker: at }
      const picture = { broker: [], handlers: [], channels: [email], at, asOf, troubles: [] }
      const figure = oldest({ picture, tenant: '', words })
      expect(figure.value).toBe('9 min')
      expect(figure.remark).toContain('26 wait for another try')
      const ofAcme = oldest({ picture, tenant: 'acme', words })
      expect(ofAcme.remark).toContain('all tenants · acme: 25 wait for another try')
    })
  })

  it('has the failed tries of a tenant that were counted in the logs, and says where they are until then', () => {
    const words = wordsIn('en')
    const picture = { minutes: [], at: '2026-11-28T12:00:00.000Z' }
    const of = { picture, tenant: 'acme', words }
    const unknown = failing(of)
    expect([unknown.value, unknown.remark]).toEqual(['—', words.text.trend.notAnnounced])
    const query = { tenant: 'acme', range: '1h', by: 'tenant' }
    expect(placeOf(unknown.href)).toEqual({ view: 'trends', rest: '', query })
    const line = { name: 'acme', values: [25], now: 25, before: null }
    const chart = { name: 'failures', unit: 'count', series: [line], whole: line }
    expect(failing({ ...of, logs: { charts: [chart] } }).value).toBe('25')
  })

  it('counts troubles that it does not list', () => {
    const troubles = [{ level: 'warn' }, { level: 'note' }]
    expect(troubleCount({ troubles, moreTroubles: { late: 980 } })).toBe(981)
    expect(troubleCount({ troubles })).toBe(1)
  })

  it('says of words that nothing has that all have to be found', () => {
    const words = wordsIn('en')
    const said = (query: object, unseen?: readonly string[]) => whyNothing(query, unseen, words)
    expect(said({})).toBe('Nothing matches in this time. Take a longer time or fewer filters.')
    const typed = said({ words: 'anna nortwind' }, ['nortwind'])
    expect(typed).toContain('All of the words have to be found: anna nortwind.')
    expect(typed).toContain('Nothing that was searched has: nortwind.')
    expect(typed).toContain('fewer or other words')
    expect(said({ words: 'anna' })).not.toContain('Nothing that was searched')
  })

  it('says which part is unknown, and why, with one colon', () => {
    const { fill, fault, text } = wordsIn('en')
    const said = fill(text.troubles.unknown, { text: fault({ part: 'events', kind: 'slow' }) })
    expect(said).toBe('could not be read: the events on the bus (no answer in time)')
  })

  it('says that all is well only when each part was read, what is tried again too', () => {
    const at = '2026-11-28T12:00:00.000Z'
    const asOf = { queues: at, broker: at, events: at }
    expect(levelOf({ asOf, troubles: [] })).toBe('looking')
    expect(levelOf({ asOf: { ...asOf, late: at }, troubles: [] })).toBe('well')
    expect(levelOf({ asOf: {}, troubles: [{ level: 'warn' }] })).toBe('warn')
  })
})
