import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseDocument } from 'yaml'
import { contentOf } from '../../../lib/tenants/yaml-content.ts'

const read = (text: string) => {
  const document = parseDocument(text, { uniqueKeys: false })
  return { ...contentOf(document, () => text), library: () => document.toJS({ maxAliasCount: -1 }) }
}

describe('the content of a YAML document', () => {
  it.each([
    'a: [1, 1.5, .inf, true, null, ~, "true", 0x10, 1e3]',
    'a:\nb: ""\nc: |\n  two\n  lines\nd: >-\n  one\n  line\n',
    'a: &x { b: [1] }\nc: *x\nd: [*x, *x]',
    // An alias is the last anchor of its name before it, also one inside of another.
    'a: &x { b: &x 1 }\nc: *x',
    'a: &x 1\nb: *x\nc: &x 2\nd: *x',
    '&k a: 1\nb: *k',
    '[a: 1, b: 2]',
    '? a\n: - 1\n  - { b: [ ] }\n',
    'constructor: { toString: 1, hasOwnProperty: 2 }',
    'plain',
    '',
    '# a comment alone',
  ])('is what the library makes of %j', (text) => {
    const { content, faults, library } = read(text)
    expect(faults).toEqual([])
    expect(content).toEqual(library())
  })

  it('is what the library makes of anything in JSON', () => {
    const json = fc.json({ maxDepth: 4 }).filter((text) => !text.includes('__proto__'))
    fc.assert(
      fc.property(json, (text) => {
        const { content, faults, library } = read(text)
        if (faults.length === 0) expect(content).toEqual(library())
      }),
    )
  })

  it('shares the value of an alias', () => {
    const { content } = read('a: &x [1]\nb: *x')
    const { a, b } = content as { a: unknown; b: unknown }
    expect(a).toBe(b)
  })

  it('knows no anchor that has no name', () => {
    expect(read('a: 1\nb: *undefined\n').faults).toEqual([
      { offset: 8, problem: 'there is no anchor &undefined before *undefined' },
    ])
  })

  it('is looked through also where a key is no text', () => {
    expect(read('7: &x 1\nb: *x\n').faults).toHaveLength(1)
    expect(read('7: *x\n? [*y]\n: *z\n').faults.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/^the key of/),
      'there is no anchor &x before *x',
      expect.stringMatching(/^the key of/),
      'there is no anchor &y before *y',
      'there is no anchor &z before *z',
    ])
  })

  it('has no key that is an alias, whose name is no text to put into quotes', () => {
    expect(read('a: &x 1\n*x : 2').faults.map(({ problem }) => problem)).toEqual([
      'the key of "a: &x 1\\n*x : 2" is not text in YAML',
    ])
  })

  it('has its faults in the order of the file', () => {
    const text = 'a: *b\nc: 1\nc: &d\n  - *d\n7: x\n'
    expect(read(text).faults.map(({ problem }) => problem.split(' of ')[0])).toEqual([
      'there is no anchor &b before *b',
      'the key c is there twice',
      '*d stands inside',
      'the key',
    ])
  })
})
