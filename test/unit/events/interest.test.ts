import { describe, expect, it } from '@jest/globals'
import { interest, interestLimits, interests } from '../../../lib/events/interest.ts'

const faults = (schema: typeof interest | typeof interests, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => [path.join('.'), message])

describe('the interest of a listener', () => {
  it('has attributes in their canonical form, and a filter', () => {
    const filter = { t: 'eq', a: 'kind', v: 'sale' }
    expect(interest.parse({ attributes: ['title?disp', 'rec?id', 'a\\.b'], filter })).toEqual({
      attributes: ['title', 'rec?id', 'a\\.b'],
      filter: { t: 'eq', att: 'kind', val: 'sale' },
    })
    expect(interest.parse({ attributes: [] })).toEqual({ attributes: [] })
  })

  it('names the attribute that is none', () => {
    expect(faults(interest, { attributes: ['a', '{b,c}'] })).toEqual([
      ['attributes.1', '"{b,c}" is not an attribute path: expected a name at character 1'],
    ])
  })

  it('has at most 500 attributes', () => {
    const attributes = Array(interestLimits.attributes).fill('a')
    expect(attributes).toHaveLength(500)
    expect(faults(interest, { attributes })).toBeUndefined()
    expect(faults(interest, { attributes: [...attributes, 'a'] })).toHaveLength(1)
  })

  it('is in at most 100 types, whose names have up to 128 characters', () => {
    const typesOf = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, { attributes: [] }]))
    expect(faults(interests, typesOf(100))).toBeUndefined()
    expect(faults(interests, typesOf(101))).toHaveLength(1)
    expect(faults(interests, { ['t'.repeat(128)]: { attributes: [] } })).toBeUndefined()
    expect(faults(interests, { ['t'.repeat(129)]: { attributes: [] } })).toHaveLength(1)
    expect(faults(interests, { '': { attributes: [] } })).toHaveLength(1)
  })
})
