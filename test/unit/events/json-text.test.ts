import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  onlyPropertyText,
  propertyText,
  withNumbersInRange,
} from '../../../lib/events/json-text.ts'

describe('propertyText', () => {
  it('cuts out the text of the property as it was sent', () => {
    const json =
      ' { "a" : [1,{"data":2}], "data" : {"n": 12345678901234567890, "b":1, "a":1.0} , "z":"}" } '
    expect(propertyText(json, 'data').text).toBe('{"n": 12345678901234567890, "b":1, "a":1.0}')
  })

  it('reads names that are written with escapes, and strings that hold quotes and brackets', () => {
    expect(propertyText('{"d\\u0061ta":"\\"]}{\\\\"}', 'data').text).toBe('"\\"]}{\\\\"')
  })

  it('takes the last of a name that is given twice, as JSON.parse does', () => {
    expect(propertyText('{"data":{"a":1},"data":{"a":2}}', 'data').text).toBe('{"a":2}')
  })

  it('finds for any object what JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.json()), fc.nat(3), (values, indent) => {
        const json = JSON.stringify(
          Object.fromEntries(
            Object.entries(values).map(([name, text]) => [name, JSON.parse(text)]),
          ),
          undefined,
          indent,
        )
        for (const [name, value] of Object.entries(JSON.parse(json))) {
          expect(JSON.parse(propertyText(json, name).text ?? '')).toEqual(value)
        }
      }),
    )
  })

  it('counts how deep the text is nested', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (depth) => {
        const json = `{"data":${'['.repeat(depth)}${']'.repeat(depth)}}`
        expect(propertyText(json, 'data').depth).toBe(depth + 1)
      }),
    )
  })
})

describe('onlyPropertyText', () => {
  it('cuts the property out of an object that has no other', () => {
    const json = '{"data": {"b":1.0,"text":"\\"]}"} }'
    expect(onlyPropertyText(json, 'data', 1_000)).toBe('{"b":1.0,"text":"\\"]}"}')
  })

  it.each([
    ['the name is given twice', '{"data":{"a":1},"data":{"a":2}}'],
    ['the name is given twice, once with escapes', '{"data":{"a":1},"d\\u0061ta":{"a":2}}'],
    ['the text may be too deep', `{"data":${'['.repeat(20)}${']'.repeat(20)}}`],
    ['the object does not begin with it', ' {"data":{}}'],
    ['the object does not end the text', '{"data":{}}\n'],
  ])('leaves it to the scan where %s', (_, json) => {
    expect(onlyPropertyText(json, 'data', 20)).toBeUndefined()
  })

  it('finds what the scan finds, or leaves it to the scan', () => {
    // Names that only differ by escapes and spaces, so that the same name often comes twice.
    const name = fc.constantFrom('"data"', '"d\\u0061ta"', '"data" ', ' "data"', '"type"')
    const value = fc.json({ maxDepth: 3 })
    const property = fc.tuple(name, value).map((parts) => parts.join(':'))
    const space = fc.constantFrom('', ' ', '\n')
    const object = fc.tuple(space, fc.array(property, { maxLength: 3 }), space)
    fc.assert(
      fc.property(object, fc.integer({ min: 0, max: 100 }), ([before, parts, after], levels) => {
        const json = `${before}{${parts.join()}}${after}`
        if (Object.keys(JSON.parse(json)).length !== 1) return
        const found = onlyPropertyText(json, 'data', levels)
        if (found === undefined) return
        const scanned = propertyText(json, 'data')
        expect(found).toBe(scanned.text)
        expect(scanned.depth).toBeLessThanOrEqual(levels)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('withNumbersInRange', () => {
  const zeros = '0'.repeat(250)

  it.each([`1${zeros}e99`, `-1${zeros}.5E+99`, `0.${zeros}1e-99`, '1e400', '1e-400'])(
    'writes %s as a text',
    (number) => {
      expect(withNumbersInRange(`{"a":[${number},1.50]}`)).toBe(`{"a":["${number}",1.50]}`)
    },
  )

  it('leaves texts and numbers in range as they were sent', () => {
    const json = `{"1e400":"1e400 \\" 1e401","a":-0.0e999,"b":1${zeros}e-99,"c":[1e-300,1E300]}`
    expect(withNumbersInRange(json)).toBe(json)
  })

  it('takes a text of many megabytes', () => {
    const text = 'a'.repeat(15_000_000)
    const changed = withNumbersInRange(`{"a":"${text}","b":1e400}`)
    expect(changed === `{"a":"${text}","b":"1e400"}`).toBe(true)
  })
})
