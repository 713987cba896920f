import { afterEach, expect, it, jest } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'
import { printResult } from '../../../bin/commands/output.ts'
import { printable } from '../../../bin/commands/printable.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

function printed(output: 'json' | 'yaml', result: unknown): string {
  const written: string[] = []
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  printResult({ output }, result, () => '')
  return written.join('')
}

const texts = [
  'abc\u202edef',
  '\u2028',
  'two\nlines\u2029 and \u001b[31m red',
  `${'long '.repeat(40)}\u202e end`,
  'no',
  '2026-01-01',
  '0x1f',
  '12:30:45',
  '- a: b #c',
]

it.each(texts)('YAML says what JSON says of %j', (text) => {
  const result = { text, list: [text], [text]: 1 }
  const [json, yaml] = [printed('json', result), printed('yaml', result)]
  expect(JSON.parse(json)).toEqual(result)
  for (const version of ['1.1', '1.2'] as const) expect(parse(yaml, { version })).toEqual(result)
  expect(printable(yaml)).toBe(yaml)
})

it('results that follow one another are documents of their own', () => {
  const results = [['acme'], ['acme', 'globex']]
  const yaml = results.map((result) => printed('yaml', result)).join('')
  const documents = parseAllDocuments(yaml)
  expect(documents.map((document) => 'toJS' in document && document.toJS())).toEqual(results)
})
