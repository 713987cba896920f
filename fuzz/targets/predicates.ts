import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Predicate, predicate } from '../../lib/events/predicate.ts'
import { matches } from '../../lib/events/predicate-match.ts'
import { type Condition, holds } from '../../test/support/predicate-reference.ts'
import { target } from '../target.ts'

const plain = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'A',
    'Ёж',
    'true',
    '2',
    '2.0',
    '-1',
    '02',
    '1500.50',
    '1e3',
    'NaN',
    'null',
  ),
  fc.constantFrom('2026-03-01', '2026-03-01T00:00:00Z', '2026-03-01T03:00:00+03:00', '2026-13-01'),
  fc.constantFrom('2026-03-01T03:00:00.000+0300', '2026-03-01 00:00', '2026-02-30'),
  fc.constantFrom(0, 2, -1, 1500.5, 1000, 1_772_323_200_000, true, false),
  fc.string({ maxLength: 3 }),
  fc.integer({ min: -20, max: 20 }),
)
const names = fc.constantFrom('a', 'b', 'c', '0', '1', 'length', 'constructor')
const att = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
const condition = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.record({ t: fc.constantFrom('eq', 'contains', 'gt', 'ge', 'lt', 'le'), att, val: plain }),
    fc.record({ t: fc.constant('in'), att, val: fc.array(plain, { minLength: 1, maxLength: 3 }) }),
    fc.record({ t: fc.constant('empty'), att }),
    fc.record({
      t: fc.constantFrom('and', 'or'),
      val: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ t: fc.constant('not'), val: tie('any') }),
  ) as fc.Arbitrary<Condition>,
})).any
const data = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    plain,
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(names, tie('any'), { maxKeys: 4 }),
  ),
})).any

/** Two implementations of the same page of the docs agree. */
export const predicates = target(
  'predicates',
  fc.record({ condition, data: fc.dictionary(names, data, { maxKeys: 4 }) }),
  (input) => {
    const parsed = predicate.safeParse(input.condition)
    // A bound that is a relative time, such as a day's interval, is refused.
    if (!parsed.success) return
    assert.equal(matches(parsed.data, input.data), holds(input.condition, input.data))
  },
)

/** ECOS's short forms mean the same. */
export const shortForms = target(
  'short-forms',
  fc.record({ condition, data: fc.dictionary(names, data, { maxKeys: 4 }) }),
  (input) => {
    const long = predicate.safeParse(input.condition)
    if (!long.success) return
    const short = predicate.safeParse(shorten(input.condition))
    // `not-eq` counts as two predicates, as `not` and `eq` do.
    assert.deepEqual(short.data, long.data as Predicate)
  },
)

function shorten(condition: Condition): unknown {
  if (condition.t === 'and' || condition.t === 'or') {
    return { t: condition.t, v: condition.val.map(shorten) }
  }
  if (condition.t === 'empty') return { t: 'empty', a: condition.att }
  if (condition.t !== 'not') return { t: condition.t, a: condition.att, v: condition.val }
  const inner = shorten(condition.val) as { t: string }
  return inner.t.startsWith('not') ? { t: 'not', v: inner } : { ...inner, t: `not-${inner.t}` }
}
