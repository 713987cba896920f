import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Predicate, predicate } from '../../../lib/events/predicate.ts'
import { matches } from '../../../lib/events/predicate-match.ts'

const data = {
  assignee: 'ivanov',
  taskOutcome: null,
  dueDate: Date.parse('2026-03-01T12:00:00Z'),
  amount: '1500.50',
  priority: 2,
  urgent: true,
  title: { ru: 'Договор аренды', en: 'Lease' },
  pooled: ['petrov', 'sidorov'],
  sums: [5, 50],
  blank: '',
  nobody: [],
  nameless: {},
  nearly: { ru: 'два', pages: 2 },
  attrChanges: [{ name: 'status', values: [{ str: 'done' }] }],
}

describe('a condition', () => {
  it.each([
    ['eq', 'assignee', 'ivanov', true],
    ['eq', 'assignee', 'Ivanov', false],
    ['eq', 'amount', 1500.5, true],
    ['eq', 'amount', '1500.5', false],
    ['eq', 'urgent', 'true', true],
    ['eq', 'priority', '2', true],
    ['eq', 'dueDate', '2026-03-01T15:00:00+03:00', true],
    ['eq', 'title', 'Lease', true],
    ['eq', 'pooled', 'petrov', true],
    ['eq', 'taskOutcome', '', false],
    ['in', 'assignee', ['petrov', 'ivanov'], true],
    ['in', 'priority', [1, 3], false],
    ['in', 'pooled', ['sidorov'], true],
    ['contains', 'assignee', 'VAN', true],
    ['contains', 'pooled', 'petrov', true],
    ['contains', 'pooled', 'pet', false],
    ['contains', 'title', 'аренд', true],
    ['contains', 'attrChanges.name', 'status', true],
    ['contains', 'attrChanges.values.str', 'done', true],
    ['contains', 'nothing', '', false],
    ['gt', 'priority', 1, true],
    ['gt', 'amount', 900, true],
    ['gt', 'amount', '900', true],
    ['gt', 'dueDate', '2026-03-01', true],
    ['ge', 'dueDate', '2026-03-01T12:00:00Z', true],
    ['gt', 'dueDate', '2026-03-01T12:00:00Z', false],
    ['lt', 'dueDate', '2026-03-01T12:00:01Z', true],
    ['lt', 'assignee', 'petrov', true],
    ['le', 'nothing', 1, false],
    ['gt', 'taskOutcome', -1, false],
    ['eq', 'taskOutcome', 'null', false],
    ['eq', 'nothing', 'undefined', false],
    ['eq', 'urgent', 'false', false],
    ['eq', 'urgent', 1, false],
    ['eq', 'nearly', 2, false],
    ['in', 'nothing', ['', 'undefined'], false],
    ['gt', 'priority', 3, false],
    ['lt', 'priority', 3, true],
    ['ge', 'priority', 2, true],
    ['le', 'priority', -2, false],
    ['gt', 'sums', 10, true],
    ['lt', 'sums', 10, true],
    ['gt', 'sums', 50, false],
    ['ge', 'assignee', 'ivanov', true],
    ['le', 'assignee', 'ivanov', true],
    ['gt', 'assignee', 'ivanov', false],
    ['gt', 'urgent', 'a', true],
  ])('%s of %s and %j: %s', (t, att, val, holds) => {
    expect(matches(predicate.parse({ t, att, val }), data)).toBe(holds)
  })

  it.each([
    ['an integer of 1,024 bytes', `9${'0'.repeat(2465)}`],
    ['a number with 400 zeros', `12345${'0'.repeat(400)}`],
  ])('compares %s, which comes as a text, by its amount', (_, amount) => {
    expect(matches({ t: 'gt', att: 'amount', val: 9500 }, { amount })).toBe(true)
    expect(matches({ t: 'lt', att: 'amount', val: -9500 }, { amount: `-${amount}` })).toBe(true)
  })

  it('compares a text of more digits than any number has as a text', () => {
    const amount = `1${'0'.repeat(3_000)}`
    expect(matches({ t: 'lt', att: 'amount', val: '9' }, { amount })).toBe(true)
    expect(matches({ t: 'lt', att: 'amount', val: '9' }, { amount: amount.slice(1) })).toBe(true)
    const longest = amount.slice(0, 3_000)
    expect(matches({ t: 'gt', att: 'amount', val: '9' }, { amount: longest })).toBe(true)
  })

  const noon = Date.parse('2026-03-01T12:00:00Z')
  it.each([
    '2026-03-01T12:00Z',
    '2026-03-01T12:00:00Z',
    '2026-03-01T12:00:00.0Z',
    '2026-03-01T12:00:00.000000000Z',
    '2026-03-01T09:30-02:30',
    '2026-03-01T12:00:00.000+00:00',
    // As old mappers of Java and SQL write it, and as templates read it.
    '2026-03-01T15:00:00.000+0300',
    '2026-03-01 12:00:00Z',
    '2026-03-01T12:00:00',
    '2026-03-01T12:00',
    '2026-03-01T12:00:00z',
  ])('takes %s for the moment', (text) => {
    expect(matches({ t: 'eq', att: 'at', val: noon }, { at: text })).toBe(true)
  })

  // Date.parse would read most of these, some of them in the zone of the machine.
  it.each([
    '2026-03-01T12Z',
    '2026-03-01T12:00:00.0000000000Z',
    '2026-03-01T12:00:00.Z',
    ' 2026-03-01T12:00:00Z',
    '2026-03-01T12:00:00Z ',
    'on 2026-03-01T12:00Z',
    '02026-03-01T12:00:00Z',
    '+002026-03-01T12:00:00Z',
    '2026-3-1',
    'Sun, 01 Mar 2026 12:00:00 GMT',
  ])('takes %j for a text and not for the moment', (text) => {
    expect(matches({ t: 'eq', att: 'at', val: noon }, { at: text })).toBe(false)
  })

  it('takes a day of no calendar for a text', () => {
    const at = Date.parse('2026-03-02T00:00:00Z')
    expect(matches({ t: 'eq', att: 'at', val: at }, { at: '2026-02-30' })).toBe(false)
  })

  it('takes a date for its first moment in UTC', () => {
    const at = Date.parse('2026-03-01T00:00:00Z')
    expect(matches({ t: 'eq', att: 'at', val: '2026-03-01' }, { at })).toBe(true)
    expect(matches({ t: 'eq', att: 'at', val: '2026-03-01' }, { at: at + 1 })).toBe(false)
  })

  it.each([
    ['nothing', true],
    ['taskOutcome', true],
    ['blank', true],
    ['nobody', true],
    ['nameless', true],
    ['pooled', false],
    ['priority', false],
    ['title', false],
    ['urgent', false],
  ])('empty of %s: %s', (att, holds) => {
    expect(matches({ t: 'empty', att }, data)).toBe(holds)
  })
})

describe('any condition on any data', () => {
  const names = fc.constantFrom('a', 'b', '0', 'length', '__proto__')
  const scalars = fc.oneof(
    fc.constantFrom('', '1', '2026-01-01', '2026-13-99', 'x'),
    fc.string(),
    fc.integer({ min: -2, max: 2 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(scalars, fc.constant(null)),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    ),
  }))
  const att = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
  const single = fc.oneof(
    fc.record({ t: fc.constantFrom('eq', 'contains', 'gt', 'ge', 'lt', 'le'), att, val: scalars }),
    fc.record({
      t: fc.constant('in'),
      att,
      val: fc.array(scalars, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ t: fc.constant('empty'), att }),
  )
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      single,
      fc.record({ t: fc.constant('not'), val: tie('node') }),
      fc.record({
        t: fc.constantFrom('and', 'or'),
        val: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }))
  const some = node.map((one) => predicate.parse(one))
  const not = (val: Predicate): Predicate => ({ t: 'not', val })

  it('is true or false', () => {
    fc.assert(fc.property(some, value, (p, d) => typeof matches(p, d) === 'boolean'))
  })

  it('holds exactly where its denial does not', () => {
    fc.assert(
      fc.property(some, value, (p, d) => {
        expect(matches(not(p), d)).toBe(!matches(p, d))
        expect(matches(not(not(p)), d)).toBe(matches(p, d))
      }),
    )
  })

  it('keeps De Morgan’s laws', () => {
    fc.assert(
      fc.property(some, some, value, (p, q, d) => {
        const both: Predicate = { t: 'and', val: [p, q] }
        const oneOf: Predicate = { t: 'or', val: [not(p), not(q)] }
        expect(matches(not(both), d)).toBe(matches(oneOf, d))
        const either: Predicate = { t: 'or', val: [p, q] }
        const neither: Predicate = { t: 'and', val: [not(p), not(q)] }
        expect(matches(not(either), d)).toBe(matches(neither, d))
      }),
    )
  })

  it('orders a single value one way', () => {
    fc.assert(
      fc.property(scalars, scalars, (left, val) => {
        const holds = (t: 'gt' | 'ge' | 'lt' | 'le') => matches({ t, att: 'a', val }, { a: left })
        expect([holds('gt'), holds('lt')]).toEqual([!holds('le'), !holds('ge')])
        expect(holds('gt') && holds('lt')).toBe(false)
      }),
    )
  })

  it('finds the same after a trip through JSON', () => {
    fc.assert(
      fc.property(some, value, (p, d) => {
        const again = predicate.parse(JSON.parse(JSON.stringify(p)))
        expect(matches(again, d)).toBe(matches(p, d))
      }),
    )
  })
})
