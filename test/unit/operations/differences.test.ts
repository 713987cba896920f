import { expect, it } from '@jest/globals'
import { differencesOf } from '../../../lib/operations/differences.ts'

it.each([
  ['nothing', { a: 'x', b: [1] }, { a: 'y', b: [2, 3] }, []],
  ['a missing field', {}, { a: 'x' }, [{ field: 'a', what: 'missing', kind: 'text' }]],
  ['an added field', { a: { b: 1 } }, { a: {} }, [{ field: 'a.b', what: 'added', kind: 'number' }]],
  [
    'a field of another kind, not what is in it',
    { a: ['x'] },
    { a: { b: 1 } },
    [{ field: 'a', what: 'kind', kind: 'list', was: 'object' }],
  ],
  [
    'null for a value',
    { a: null },
    { a: true },
    [{ field: 'a', what: 'kind', kind: 'null', was: 'yes-or-no' }],
  ],
  [
    'elements of lists',
    { a: [{ b: 1 }] },
    { a: [{ b: '1' }, { c: 2 }] },
    [{ field: 'a[].b', what: 'kind', kind: 'number', was: 'text' }],
  ],
  ['no element to compare', { a: [] }, { a: [{ b: 1 }] }, []],
  ['the whole', 'text', { a: 1 }, [{ field: '', what: 'kind', kind: 'text', was: 'object' }]],
  [
    'names of every object',
    { constructor: 1 },
    {},
    [{ field: 'constructor', what: 'added', kind: 'number' }],
  ],
])('names %s', (_, data, passed, differences) => {
  expect(differencesOf(data, passed)).toEqual(differences)
})

it('is bounded, however many fields and levels there are', () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`f${at}`, at]))
  expect(differencesOf(many, {})).toHaveLength(100)
  const nest = (value: unknown, depth: number): unknown =>
    depth === 0 ? value : { a: nest(value, depth - 1) }
  expect(differencesOf(nest(1, 5_000), nest('x', 5_000))).toEqual([])
})
