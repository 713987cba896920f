import { describe, expect, it } from '@jest/globals'
import { bounded, clean, oneLine } from '../../../../lib/notifications/templates/bounds.ts'

describe('one line', () => {
  it.each([
    [' a\r\nb ', 'a b'],
    ['a\u2028\u2029\u0000\u0085\tb', 'a b'],
    ['a  \u00a0 b', 'a b'],
    ['a\ud800b', 'a\ufffdb'],
    ['\n', ''],
    ['one', 'one'],
  ])('of %j is %j', (text, line) => expect(oneLine(text)).toBe(line))
})

describe('a value that is clean', () => {
  it.each([
    ['a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['a\tb', 'a\tb'],
    ['a\u0000\u001b[1m\u007f\u0085b', 'a[1mb'],
    ['a\udc00b', 'a\ufffdb'],
    [' a ', ' a '],
  ])('of %j is %j', (text, cleaned) => expect(clean(text)).toBe(cleaned))

  it('has 2000 characters at most', () => {
    expect(clean('x'.repeat(2000))).toBe('x'.repeat(2000))
    expect(clean('x'.repeat(2001))).toBe(`${'x'.repeat(1999)}…`)
  })
})

describe('data within their bounds', () => {
  it('have each text cut, wherever it stands', () => {
    const [long, cut] = ['x'.repeat(2001), `${'x'.repeat(1999)}…`]
    const data = { a: long, b: [long, { c: long }], d: [[long]] }
    expect(bounded(data)).toEqual({ a: cut, b: [cut, { c: cut }], d: [[cut]] })
    expect(bounded(long)).toBe(cut)
  })

  it('are otherwise as they are', () => {
    const date = new Date(0)
    const bare = Object.assign(Object.create(null), { a: 'x'.repeat(2001) })
    const data = { a: 'x', b: 7, c: null, d: undefined, e: false, f: [], g: {}, date, bare }
    expect(bounded(data)).toStrictEqual(data)
    const { date: same } = bounded(data) as typeof data
    expect(same).toBe(date)
    for (const one of [7, null, undefined, true]) expect(bounded(one)).toBe(one)
  })
})
