import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compareAmounts, fitsDouble, parseAmount } from '../../../lib/events/amount.ts'
import { ExactNumber, exactNumber, parseExactJson } from '../../../lib/events/exact-number.ts'
import { predicate } from '../../../lib/events/predicate.ts'
import { matches } from '../../../lib/events/predicate-match.ts'
import { parseJson } from '../../../lib/parse.ts'

describe('JSON with numbers that JavaScript can not hold', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '18446744073709551616',
    '12345678901234567890.5',
    '12345678901234567.89',
    '0.12345678901234567890123',
    '1e400',
    '1E-400',
  ])('keeps the digits of %s', (text) => {
    const { value } = parseExactJson(`{"value":${text}}`) as { value: unknown }
    expect(value).toBeInstanceOf(ExactNumber)
    expect(String(value)).toBe(text)
    expect(JSON.stringify({ value })).toBe(`{"value":${text}}`)
    expect(Number(value)).toBe(Number(text))
  })

  it.each([
    ['1500.50', 1500.5],
    ['99.00', 99],
    ['1E+10', 1e10],
    ['-0.0', -0],
    ['9007199254740991.0000', 9007199254740991],
    ['0.1', 0.1],
    ['1e300', 1e300],
  ])('has a plain number for %s', (text, number) => {
    expect(parseExactJson(`[${text},"1234567890123456.7"]`)).toEqual([number, '1234567890123456.7'])
  })

  it('is read as JSON.parse reads it in all else', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(JSON.stringify(parseExactJson(json))).toBe(JSON.stringify(JSON.parse(json)))
      }),
    )
    expect(parseExactJson('{"a":12345678901234567890')).toBeUndefined()
  })

  it('keeps what is a number within any other value, and no other text', () => {
    const json = '{"a":[{"b":9007199254740993}],"c":"9007199254740993","d":[true,null,12e1]}'
    const { a, c, d } = parseExactJson(json) as { a: [{ b: unknown }]; c: unknown; d: unknown }
    expect([String(a[0].b), c, d]).toEqual([
      '9007199254740993',
      '9007199254740993',
      [true, null, 120],
    ])
    expect(a[0].b).toBeInstanceOf(ExactNumber)
  })

  it('is exact only where it has to be', () => {
    expect(exactNumber('100')).toBe(100)
    expect(exactNumber('0.10')).toBe(0.1)
    expect(exactNumber('1e2')).toBe(100)
    expect(exactNumber('0.1000000000000000055511151231257827')).toBeInstanceOf(ExactNumber)
    expect(exactNumber('1e400')).toBeInstanceOf(ExactNumber)
  })

  it.each(['', '{', '[1,]', '[1e]', '[9007199254740993,]', 'nothing'])('%j is none', (json) => {
    expect(parseExactJson(json)).toBeUndefined()
  })

  it('may have a byte order mark before it', () => {
    for (const json of ['\ufeff[1]', '\ufeff[1.0000000000000000]']) {
      expect(parseExactJson(json)).toEqual([1])
      expect(parseJson(json)).toEqual([1])
    }
    expect(parseJson('\ufeff\ufeff[1]')).toBeUndefined()
  })
})

describe('amounts', () => {
  const exact = fc.record({
    digits: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    scale: fc.integer({ min: 0, max: 30 }),
  })
  const scaled = 60
  const textOf = ({ digits, scale }: { digits: bigint; scale: number }) => `${digits}e-${scale}`

  it('are compared exactly', () => {
    fc.assert(
      fc.property(exact, exact, (a, b) => {
        const [left, right] = [a, b].map(
          ({ digits, scale }) => digits * 10n ** BigInt(scaled - scale),
        )
        const [x, y] = [parseAmount(textOf(a)), parseAmount(textOf(b))]
        if (!x || !y || left === undefined || right === undefined) throw new Error('no amount')
        expect(Math.sign(compareAmounts(x, y))).toBe(left < right ? -1 : left > right ? 1 : 0)
      }),
    )
  })

  it.each([
    ['0', false, '', 0],
    ['-0.00e5', false, '', 0],
    ['7', false, '7', 1],
    ['120', false, '12', 3],
    ['0.0120', false, '12', -1],
    ['-1.5e3', true, '15', 4],
    ['100e+2', false, '1', 5],
    ['0100.50E-2', false, '1005', 1],
    ['1e999999999999999', false, '1', 1_000_000_000_000_000],
  ])('of %s are its sign, its digits and their place', (text, isNegative, digits, magnitude) => {
    expect(parseAmount(text)).toEqual({ isNegative, digits, magnitude })
  })

  it.each([
    ...['', ' 1', '1 ', '+1', '1.', '.5', '-', '1e', '1e+', 'e5', '1e5.0', '1e1000000000000000'],
    ...['0x1', 'Infinity', 'NaN', '1_000', '1,5', '--1', '1.2.3', '١'],
  ])('are not in %j', (text) => expect(parseAmount(text)).toBeUndefined())

  it('are in order', () => {
    const ordered = [
      '-1e3',
      '-100',
      '-99.5',
      '-2',
      '-1.5',
      '-0.1',
      '0',
      '0.01',
      '0.1',
      '0.11',
      '0.2',
    ]
    const amounts = [...ordered, '1', '9', '10', '10.5', '11'].map((text) => parseAmount(text))
    for (const [at, a] of amounts.entries()) {
      for (const [place, b] of amounts.entries()) {
        expect(Math.sign(a && b ? compareAmounts(a, b) : Number.NaN)).toBe(Math.sign(at - place))
      }
    }
  })

  it.each([
    ['0', true],
    ['-0.0', true],
    ['0e-400', true],
    ['1e308', true],
    ['-1e308', true],
    ['1e309', false],
    ['-1e309', false],
    ['1e-323', true],
    ['1e-324', false],
    ['-1e-400', false],
  ])('of %s are held by a double, if only roughly: %s', (text, fits) => {
    expect(fitsDouble(text)).toBe(fits)
  })

  it('of any size are compared at once', () => {
    const [small, large] = [parseAmount('9e999999999'), parseAmount('-1e999999999999')]
    expect(small && large && compareAmounts(small, large)).toBeGreaterThan(0)
    const zeros = parseAmount(`0.${'0'.repeat(1_000_000)}1`)
    expect(zeros).toMatchObject({ digits: '1', magnitude: -1_000_000 })
  })
})

describe('a condition on exact numbers', () => {
  const data = parseExactJson('{"id":9007199254740993,"sum":12345678901234567.89,"far":1e400}')
  it.each([
    ['eq', 'id', '9007199254740993', true],
    ['eq', 'id', '9007199254740992', false],
    ['in', 'id', ['1', '9007199254740993'], true],
    ['gt', 'id', '9007199254740992', true],
    ['gt', 'id', 9007199254740991, true],
    ['contains', 'id', '40993', true],
    ['eq', 'sum', '12345678901234567.89', true],
    ['eq', 'sum', '12345678901234567.890', true],
    ['eq', 'sum', '12345678901234568', false],
    ['lt', 'sum', '12345678901234567.9', true],
    ['gt', 'far', 1e300, true],
    ['lt', 'far', '1e401', true],
  ])('%s of %s and %j: %s', (t, att, val, expected) => {
    expect(matches(predicate.parse({ t, att, val }), data)).toBe(expected)
  })

  it('is not empty', () => expect(matches({ t: 'empty', att: 'id' }, data)).toBe(false))

  it('keeps the digits that were written into it', () => {
    const written = parseExactJson('{"t":"in","att":"id","val":[9007199254740993]}')
    expect(predicate.parse(written)).toEqual({ t: 'in', att: 'id', val: ['9007199254740993'] })
  })
})
