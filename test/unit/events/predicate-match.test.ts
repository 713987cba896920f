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

  it.each([
    ['nothing', true],
    ['taskOutcome', true],
    ['pooled', false],
    ['priority', false],
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
