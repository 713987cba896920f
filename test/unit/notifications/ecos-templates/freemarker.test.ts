import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { decodeHTML } from 'entities'
import { rendered } from './translated.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/freemarker')

/** Templates, each with what belongs to it; `Record.java` says how they were recorded. */
function rowsOf(file: string): [template: string, text: string][] {
  const lines = readFileSync(join(fixtures, file), 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [template = '', text = ''] = line.replaceAll('␊', '\n').split('\t')
    return [template, text]
  })
}

const values = {
  ...{ 's?str': 'text', 'e?str': '', 'u?str': 'Привет', 'h?str': 'a<b>&"c' },
  'd?str': '2026-11-28T10:20:30Z',
  ...{ 'n?num': 1234.5, 'i?num': 5, 'ten?num': 10, 'big?num': 1234567 },
  ...{ 't?bool': true, 'f?bool': false },
  ...{ 'l[]': ['b', 'a', 'c'], 'nums[]?num': [10, 9, 1234], 'none[]': [] },
}
const attributes = ['nope?str', ...Object.keys(values)]
const model = Object.fromEntries(attributes.map((one) => [one.replace(/\W.*/, ''), one]))

function arrivingOf(template: string): string {
  return rendered(template, { model, attributes: values })
}

function arriving(template: string): string {
  return seen(arrivingOf(template))
}

/** As a reader sees it: entities as characters, white space as one space. */
function seen(html: string): string {
  return decodeHTML(html).replace(/\s+/g, ' ').trim()
}

describe('a translated template', () => {
  it.each(rowsOf('written.tsv'))('writes of %s what FreeMarker 2.3.34 writes', (template, text) => {
    expect(arriving(template)).toBe(seen(text))
  })

  it.each(rowsOf('lines.tsv'))('has of %j the lines that FreeMarker writes', (template, text) => {
    expect(decodeHTML(arrivingOf(template))).toBe(text)
  })

  it.each(rowsOf('refused.tsv'))('%s is refused, rather than written otherwise', (row, reason) => {
    expect(() => arriving(row)).toThrow(reason)
  })
})
