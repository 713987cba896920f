import { describe, expect, it } from '@jest/globals'
import { parseYamlFile } from '../../../lib/tenants/yaml-file.ts'

const text = `# top
tenants:
  acme:
    events:
      - task.create
      - task.assign
    reminders: [a,
      b]
  7: {}
? [list]
: 1
`

describe('a YAML file', () => {
  it('has its content', () => {
    const { content, faults } = parseYamlFile('a: [1, two]\nb:\n')
    expect(content).toEqual({ a: [1, 'two'], b: null })
    expect(faults).toEqual([])
  })

  it.each([
    [[], 1],
    [['tenants'], 2],
    [['tenants', 'acme'], 3],
    [['tenants', 'acme', 'events'], 4],
    [['tenants', 'acme', 'events', 0], 5],
    [['tenants', 'acme', 'events', 1], 6],
    [['tenants', 'acme', 'reminders', 1], 8],
    [['tenants', '7'], 9],
    [['tenants', 7], 9],
    // What does not exist stands where the deepest part that exists does.
    [['tenants', 'acme', 'events', 2], 4],
    [['tenants', 'acme', 'events', 0, 'x'], 5],
    [['tenants', 'acme', 'locale'], 3],
    [['tenants', 'acme', 'locale', 'events'], 3],
    [['tenants', undefined], 2],
    [['brokers', 'acme'], 1],
  ])('has the path %j in line %i', (path, line) => {
    const file = parseYamlFile(text)
    expect(file.lineOf(path)).toBe(line)
    expect(file.lineOf(path)).toBe(line)
  })

  it('has lines also where it is an alias, or empty', () => {
    expect(parseYamlFile('a: &x\n  b: 1\nc: *x\n').lineOf(['c', 'b'])).toBe(3)
    expect(parseYamlFile('').lineOf(['tenants'])).toBe(1)
  })

  it.each([
    ['a: 1\n---\nb: 2\n', 2, 'a second document begins: the file has to be one'],
    ['a: 1\nb: !secret x\n', 2, 'Unresolved tag: !secret'],
    ['a: 1\n\tb: 2\n', 2, 'Tabs are not allowed as indentation'],
    ['a: 1\nb: "x', 2, 'Missing closing "quote'],
  ])('has a fault in %j: line %i, %s', (of, line, problem) => {
    const { content, faults } = parseYamlFile(of)
    expect(content).toBeUndefined()
    expect(faults[0]).toEqual({ line, problem })
  })

  it('quotes the line of a key that is no text, without the space around it', () => {
    expect(parseYamlFile('a:\n    7:  x \n').faults).toEqual([
      { line: 2, problem: `the key of "7:  x" is not text in YAML; write it in quotes: '7'` },
    ])
  })

  it('has no content where a key is no text, or is there twice', () => {
    const long = `[${'a, '.repeat(60)}a]`
    const { content, faults } = parseYamlFile(`a: 1\n  \n7: x\na: 2\n${long}: 3\n__proto__: 4\n`)
    expect(content).toBeUndefined()
    expect(faults).toEqual([
      { line: 3, problem: `the key of "7: x" is not text in YAML; write it in quotes: '7'` },
      { line: 4, problem: 'the key a is there twice' },
      { line: 5, problem: `the key of "${long.slice(0, 100)}" is not text in YAML` },
      { line: 6, problem: 'the key __proto__ is reserved' },
    ])
  })
})
