import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { propertyText, withNumbersInRange } from '../../../lib/events/json-text.ts'

describe('propertyText', () => {
  it('cuts out the text of the property as it was sent', () => {
    const json =
      ' { "a" : [1,{"data":2}], "data" : {"n": 12345678901234567890, "b":1, "a":1.0} , "z":"}" } '
    expect(propertyText(json, 'data').text).toBe('{"n": 12345678901234567890, "b":1, "a":1.0}')
  })

  it('reads names that are written with escapes, and strings that hold quotes and brackets', () => {
    expect(propertyText('{"d\\u0061ta":"\\"]}{\\\\"}', 'data').text).toBe('"\\"]}{\\\\"')
  })

  it.each([
    ['{}', undefined, 1],
    ['{"a":{"data":1}}', undefined, 2],
    ['{"a":["data",{"data":[1]}],"b":2}', undefined, 4],
    ['{"a":"data","b":1}', undefined, 1],
    ['{"a":"data:1,","Data":1}', undefined, 1],
    ['{"data":1}', '1', 1],
    ['{"data":1,"a":[2,3]}', '1', 2],
    ['{"a":[1,[2,3]],"data":[4,{"b":5}]}', '[4,{"b":5}]', 3],
    ['{"data":"a,b:c","x":1}', '"a,b:c"', 1],
    ['{"a\\"data":1,"data":2}', '2', 1],
    ['{"\\\\":1,"data":null}', 'null', 1],
  ])('finds in %s the text %j, %i deep', (json, text, depth) => {
    expect(propertyText(json, 'data')).toStrictEqual(
      text === undefined ? { depth } : { text, depth },
    )
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

describe('withNumbersInRange', () => {
  const zeros = '0'.repeat(250)

  it.each([`1${zeros}e99`, `-1${zeros}.5E+99`, `0.${zeros}1e-99`, '1e400', '1e-400'])(
    'writes %s as a text',
    (number) => {
      expect(withNumbersInRange(`{"a":[${number},1.50]}`)).toBe(`{"a":["${number}",1.50]}`)
    },
  )

  it('writes each number as a text that is out of range, and no other', () => {
    expect(withNumbersInRange('1e400')).toBe('"1e400"')
    expect(withNumbersInRange('[0e400,9e400]')).toBe('[0e400,"9e400"]')
    expect(withNumbersInRange('[1e400,-1E-400,2,"\\\\",1e+999]')).toBe(
      '["1e400","-1E-400",2,"\\\\","1e+999"]',
    )
    expect(withNumbersInRange('{"a":1e400 ,"b":"\\"1e401"}')).toBe('{"a":"1e400" ,"b":"\\"1e401"}')
  })

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
