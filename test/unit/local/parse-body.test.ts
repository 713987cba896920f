import { expect, it } from '@jest/globals'
import { parseBody } from '../../../local/demo/parse-body.ts'

it('takes what Python writes for a number beyond the range of a double', () => {
  const body = String.raw`{"a":[Infinity,-Infinity,NaN,1],"NaN":"Infinity \" NaN \\","b":-1}`
  expect(parseBody(body)).toEqual({
    a: [null, null, null, 1],
    NaN: String.raw`Infinity " NaN \ `.trimEnd(),
    b: -1,
  })
})

it('throws for what is not JSON otherwise', () => {
  expect(() => parseBody('{"a":Infinite}')).toThrow(SyntaxError)
})
