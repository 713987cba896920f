import { describe, expect, it } from '@jest/globals'
import { fromJsonProperties, fromJsonValue, toJsonValue } from '../../../lib/bridge/field-values.ts'

const typed = (type: string, value: unknown) => ({ '!': type, value })

describe('a header as JSON', () => {
  it.each<[string, unknown]>([
    ['a text', 'Согласование'],
    ['an empty text', ''],
    ['a text of digits', '-9223372036854775809.5'],
    ['a text of more digits', '9223372036854775809.5'],
    ['a number', -1.5],
    ['true', true],
    ['nothing', null],
    ['a list', [1, 'a', null, [true]]],
    ['a table', { a: 1, b: { c: 'd' } }],
    ['a time', typed('timestamp', 1_767_225_600)],
    ['a decimal', typed('decimal', { places: 2, digits: 314 })],
  ])('is %s as it is, and comes back as it was', (_, value) => {
    expect(toJsonValue(value)).toEqual(value)
    expect(fromJsonValue(value)).toEqual(value)
  })

  it.each<[string, unknown, unknown, unknown?]>([
    ['bytes', Buffer.from([0, 255]), typed('bytes', 'AP8=')],
    [
      'a 64-bit number',
      2n ** 63n - 1n,
      typed('int64', '9223372036854775807'),
      typed('int64', 2n ** 63n - 1n),
    ],
    ['NaN', Number.NaN, typed('double', 'NaN'), typed('double', Number.NaN)],
    [
      'an infinite number',
      Number.NEGATIVE_INFINITY,
      typed('double', '-Infinity'),
      typed('double', Number.NEGATIVE_INFINITY),
    ],
    ['those in a list', [Buffer.from([7])], [typed('bytes', 'Bw==')]],
    ['those in a table', { a: { b: Buffer.from([7]) } }, { a: { b: typed('bytes', 'Bw==') } }],
  ])('names the type of %s', (_, value, json, back = value) => {
    expect(toJsonValue(value)).toEqual(json)
    expect(fromJsonValue(json)).toEqual(back)
  })

  it.each<[string, object]>([
    ['a field `!` alone', { '!': 'x' }],
    ['a field `!` of no text', { '!': { a: Buffer.from([7]) } }],
    ['the type of a header, without its value', typed('timestamp', '1767225600')],
    ['a decimal of text', typed('decimal', '3.14')],
    ['another type of the parts of a decimal', typed('fraction', { places: 2, digits: 314 })],
    ['the type of a decimal alone', { '!': 'decimal' }],
    ['a decimal of nothing', typed('decimal', null)],
    ['a decimal without places', typed('decimal', { digits: 314 })],
    ['a decimal without digits', typed('decimal', { places: 2 })],
    ['a 64-bit number that is none', typed('int64', 'many')],
    ['a 64-bit number with more behind it', typed('int64', '12 ')],
    ['a 64-bit number with more before it', typed('int64', ' 12')],
    ['a 64-bit number of another type', typed('int64', 12)],
    ['bytes', typed('bytes', 'AP8=')],
  ])("is a producer's table with %s, and not a typed value", (_, table) => {
    const json = toJsonValue(table)
    expect(json).toMatchObject({ '!': 'object', value: { '!': expect.anything() } })
    const sent = fromJsonValue(JSON.parse(JSON.stringify(json)))
    expect(sent).toEqual(typed('object', table))
  })

  it('keeps a 64-bit number that was read exactly', () => {
    for (const text of ['-9223372036854775808', '7']) {
      const value = typed('int64', text)
      expect(toJsonValue(value)).toEqual(value)
      expect(fromJsonValue(value)).toEqual(typed('int64', BigInt(text)))
    }
  })
})

describe('a number to publish', () => {
  it.each([2 ** 50 + 0.5, -(2 ** 50) - 0.5, -(2 ** 63) - 2_048, -1e300])(
    'is a double by name where amqplib would take it for an integer: %d',
    (value) => {
      expect(fromJsonValue(value)).toEqual(typed('double', value))
      expect(fromJsonValue([{ a: value }])).toEqual([{ a: typed('double', value) }])
    },
  )

  it.each([0, 0.5, 2 ** 50, 2 ** 50 - 0.5, -(2 ** 50) + 0.5, -(2 ** 63), 2 ** 64, 1e300])(
    'is as it is where amqplib sees what it is: %d',
    (value) => {
      expect(fromJsonValue(value)).toBe(value)
    },
  )
})

describe('properties to publish', () => {
  it('have a table of headers, also where a field of it is named `!`', () => {
    const headers = { '!': 'x', raw: Buffer.from([7]) }
    const properties = { contentType: 'text/plain', priority: 5, headers }
    const json = JSON.parse(JSON.stringify(toJsonValue(properties)))
    expect(fromJsonProperties(json)).toEqual(properties)
  })

  it.each<[string, object]>([
    ['plain headers', { headers: { a: typed('timestamp', 1) }, messageId: '1' }],
    ['none', { messageId: '1' }],
    ['headers of nothing', { headers: null }],
  ])('have %s', (_, properties) => {
    expect(fromJsonProperties({ ...properties })).toEqual(properties)
  })

  it('have the value of another type as it is', () => {
    const headers = typed('timestamp', 1)
    expect(fromJsonProperties({ headers })).toEqual({ headers })
  })
})
