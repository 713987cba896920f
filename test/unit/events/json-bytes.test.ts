import { describe, expect, it } from '@jest/globals'
import {
  doubt,
  endOfObject,
  endOfValue,
  followedLevels,
  skipSpace,
} from '../../../lib/events/json-bytes.ts'

/** Where the first value of the text ends; the text behind it is not looked at. */
const endIn = (text: string, levels = followedLevels) => endOfValue(Buffer.from(text), 0, levels)

describe('a value in JSON', () => {
  it.each([
    'true',
    'false',
    'null',
    '0',
    '-0',
    '7',
    '-10',
    '0.50',
    '-12.034',
    '1234567890',
    '""',
    '"text"',
    '"\\" \\\\ \\/ \\b \\f \\n \\r \\t"',
    '"\\u0041\\u00e9\\u00C9\\ud800\\u0022"',
    '"я, 漢, 😀, \u007f"',
    // Neighbours of the two that SQS refuses: U+FFFD, U+FFBF, U+FEFF, U+F000.
    '"\ufffd\uffbf\ufeff\uf000"',
    '{}',
    '{ }',
    '[]',
    '[ ]',
    '[1]',
    '[1,"a",null]',
    '[ true , [ ] ,\t{ } ]',
    '{"a":1}',
    '{"a":1,"b":{"c":[]}}',
    '{ "a" :\r\n1 , "\\u0061" : "}" }',
  ])('ends behind %j', (json) => {
    const { length } = Buffer.from(json)
    for (const rest of ['', ',1', ']', '}', ' "x"']) expect(endIn(json + rest)).toBe(length)
  })

  it.each([
    ['', ',', ':', '}', ']', '-', '+1', '.5', 'NaN', 'tru', 'trux', 'nul', 'nil', 'fals', 'falze'],
    ['01', '-01', '00', '1.', '1.x', '-.5', '-x'],
    ['"', '"a', '"a\n"', '"\u0000"', '"\u001f"', '"a\\"', '"\\', '"\\x"', '"\\u"', '"\\u12"'],
    ['"\\u123"', '"\\u123g"', '"\\ug123"', '"\\u', '"\\u0041'],
    ['{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a" 1}', '{"a":}', '{a:1}', '{1:1}'],
    ['{"a":1 "b":2}', '{"a":1;"b":2}', '{"a":1]', '{,"a":1}', '{"a:1}', '{"\\x":1}', "{'a':1}"],
    ['[', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '[1;2]', '[1}', '[x]'],
    // JSON, but not as the bus takes it.
    ['"\ufffe"', '"\uffff"', '{"\uffff":1}'],
  ])('is in doubt at %j, and the like', (...texts) => {
    expect(texts.filter((text) => endIn(text) !== doubt)).toEqual([])
  })

  it('has numbers of up to 100 characters', () => {
    for (const number of ['9'.repeat(100), `-${'9'.repeat(99)}`, `0.${'9'.repeat(98)}`]) {
      expect(endIn(`${number},`)).toBe(100)
      expect(endIn(`${number}9,`)).toBe(doubt)
    }
  })

  it('ends before an exponent, which then is no separator', () => {
    expect(endIn('1e400')).toBe(1)
    expect(endIn('[1e400]')).toBe(doubt)
    expect(endIn('{"a":1E5}')).toBe(doubt)
  })

  it('is followed for as many levels as may be', () => {
    const [list, object] = ['[[[]]]', '{"a":{"a":{}}}']
    for (const json of [list, object]) {
      expect(endIn(json, 3)).toBe(json.length)
      expect(endIn(json, 2)).toBe(doubt)
    }
    expect([endIn('[]', 0), endIn('{}', 0), endIn('[1]', 1)]).toEqual([doubt, doubt, 3])
    const deep = '['.repeat(followedLevels) + ']'.repeat(followedLevels)
    expect([endIn(deep), endIn(`[${deep}]`)]).toEqual([2 * followedLevels, doubt])
  })

  it('may start anywhere', () => {
    expect(endOfValue(Buffer.from('x,"a",-1.5,[true]'), 2, 1)).toBe(5)
    expect(endOfValue(Buffer.from('x,"a",-1.5,[true]'), 6, 1)).toBe(10)
    expect(endOfValue(Buffer.from('x,"a",-1.5,[true]'), 11, 1)).toBe(17)
  })
})

describe("an object's members", () => {
  /** The keys and the starts of the values, each with the levels that are left to it. */
  function membersOf(text: string, levels: number) {
    const members: unknown[] = []
    const end = endOfObject(Buffer.from(text), 0, levels, (json, keyStart, keyEnd, at, left) => {
      members.push([json.toString('utf8', keyStart, keyEnd), json.toString('utf8', at)[0], left])
      return endOfValue(json, at, left)
    })
    return { members, end }
  }

  it('are read one after another', () => {
    const json = '{"a":1, "\\u0062" : [2] ,"":{"c":3}}'
    const members = [
      ['a', '1', 1],
      ['\\u0062', '[', 1],
      ['', '{', 1],
    ]
    expect(membersOf(json, 2)).toEqual({ members, end: json.length })
  })

  it('are not read behind one that is in doubt', () => {
    expect(membersOf('{"a":[[]],"b":1}', 2)).toEqual({ members: [['a', '[', 1]], end: doubt })
    expect(membersOf('{"a":1}', 0)).toEqual({ members: [], end: doubt })
  })
})

it('only the white space of JSON is skipped', () => {
  const skipped = (text: string) => skipSpace(Buffer.from(text), 1)
  expect(skipped('x \t\n\r x')).toBe(6)
  expect(skipped('xx')).toBe(1)
  expect(skipped('x  ')).toBe(3)
  expect([skipped('x\v'), skipped('x\f'), skipped('x\u00a0'), skipped('x\0')]).toEqual([1, 1, 1, 1])
})
