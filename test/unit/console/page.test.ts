import { describe, expect, it } from '@jest/globals'
import { notificationState } from '../../../lib/notifications/notification.ts'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const fileOf = (name: string) => import(`../../../console/page/${name}.js`)
const { addressOf, placeOf } = await fileOf('place')
const { fieldOf, rangeName, rangeOf } = await fileOf('range')
const { addressFor, levelOf } = await fileOf('alerts')
const { eventIdIn } = await fileOf('search')
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

  it('leads from what is late to what waits for another try, whenever it was created', () => {
    const late = { why: 'late', where: 'email', tenant: 'acme' }
    const address = addressFor(late, { channels: [{ id: 'email' }] }, '')
    const query = { tenant: 'acme', channel: 'email', state: 'RETRIED', range: '30d' }
    expect(placeOf(address)).toEqual({ view: 'search', rest: '', query })
  })

  it('says that all is well only when each part was read, what is tried again too', () => {
    const at = '2026-11-28T12:00:00.000Z'
    const asOf = { queues: at, broker: at, events: at }
    expect(levelOf({ asOf }, [])).toBe('looking')
    expect(levelOf({ asOf: { ...asOf, late: at } }, [])).toBe('well')
    expect(levelOf({ asOf: {} }, [{ level: 'warn' }])).toBe('warn')
  })
})
