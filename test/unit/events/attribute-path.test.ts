import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type AttributePath,
  formatAttributePath,
  parseAttributePath,
  scalars,
} from '../../../lib/events/attribute-path.ts'

const one = (name: string) => ({ name, isList: false })
const every = (name: string) => ({ name, isList: true })

describe('a path to an attribute', () => {
  test.each<[string, AttributePath]>([
    ['title', { steps: [one('title')], scalar: 'disp' }],
    ['rec?disp', { steps: [one('rec')], scalar: 'disp' }],
    ['rec._type?id', { steps: [one('rec'), one('_type')], scalar: 'id' }],
    ['author.userName', { steps: [one('author'), one('userName')], scalar: 'disp' }],
    ['cm:title?str', { steps: [one('cm:title')], scalar: 'str' }],
    [
      'items[].product.name?str',
      { steps: [every('items'), one('product'), one('name')], scalar: 'str' },
    ],
    ['tags[]', { steps: [every('tags')], scalar: 'disp' }],
    ['?localId', { steps: [], scalar: 'localId' }],
    ['a\\.b.c', { steps: [one('a.b'), one('c')], scalar: 'disp' }],
    ['название?str', { steps: [one('название')], scalar: 'str' }],
    ['a\\?b\\[\\]\\\\', { steps: [one('a?b[]\\')], scalar: 'disp' }],
    ['a[]?num', { steps: [every('a')], scalar: 'num' }],
    ['a'.repeat(512), { steps: [one('a'.repeat(512))], scalar: 'disp' }],
    [Array(16).fill('a').join('.'), { steps: Array(16).fill(one('a')), scalar: 'disp' }],
  ])('%s', (text, path) => expect(parseAttributePath(text)).toEqual(path))

  test.each([
    ['', 'it must end in a scalar'],
    ['a..b', 'expected a name at character 3'],
    ['.a', 'expected a name at character 1'],
    ['a.', 'expected a name at character 3'],
    ['a?nothing', 'it must end in a scalar'],
    ['a?', 'it must end in a scalar'],
    ['a?disp.b', 'it must end in a scalar'],
    ['a[0]', 'expected "." or "?" at character 2'],
    ['a[][]', 'expected "." or "?" at character 4'],
    ['author{userName,email}', 'expected "." or "?" at character 7'],
    ["name|or('none')", 'expected "." or "?" at character 5'],
    ['a b', 'expected "." or "?" at character 2'],
    ['a\\', 'expected "." or "?" at character 2'],
    ['.?id', 'expected a name at character 1'],
    ['a.?id', 'expected a name at character 3'],
    ['a??id', 'it must end in a scalar'],
    ['??id', 'it must end in a scalar'],
    ['a?id ', 'it must end in a scalar: disp, str, num, bool, id, localId, assoc, json, raw, bin'],
    ['[]', 'expected a name at character 1'],
    ['{a}', '"{a}" is not an attribute path: expected a name at character 1'],
    [Array(17).fill('a').join('.'), 'more than 16 names'],
    ['a'.repeat(513), 'more than 512 characters'],
  ])('%s is refused with its place', (text, problem) => {
    expect(() => parseAttributePath(text)).toThrow(
      expect.objectContaining({
        code: 'invalid-attribute',
        message: expect.stringContaining(problem),
      }),
    )
  })

  test('a long one is refused by its beginning', () => {
    expect(() => parseAttributePath('ab'.repeat(300))).toThrow(`"${'ab'.repeat(20)}…" is not`)
  })

  test('whatever is named can be written and read again', () => {
    const steps = fc.array(
      fc.record({
        name: fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }),
        isList: fc.boolean(),
      }),
      { maxLength: 8 },
    )
    const paths = fc.record({ steps, scalar: fc.constantFrom(...scalars) })
    fc.assert(
      fc.property(paths, (path) => {
        expect(parseAttributePath(formatAttributePath(path))).toEqual(path)
      }),
    )
  })

  test('two ways to ask for the same are one', () => {
    const written = ['title', 'title?disp'].map((text) =>
      formatAttributePath(parseAttributePath(text)),
    )
    expect(written).toEqual(['title', 'title'])
  })

  test.each([
    [[], 'disp', '?disp'],
    [[], 'id', '?id'],
    [[one('a'), every('b')], 'disp', 'a.b[]'],
    [[every('a'), one('b')], 'str', 'a[].b?str'],
    [[one('a.b c')], 'disp', 'a\\.b\\ c'],
    [[one('\\?[]{},|!"\'')], 'bin', '\\\\\\?\\[\\]\\{\\}\\,\\|\\!\\"\\\'?bin'],
  ] as const)('%j with the scalar %s is written %s', (steps, scalar, text) => {
    expect(formatAttributePath({ steps, scalar })).toBe(text)
  })
})
