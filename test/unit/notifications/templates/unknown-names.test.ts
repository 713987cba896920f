import { describe, expect, it } from '@jest/globals'
import { createEngines } from '../../../../lib/notifications/templates/engine.ts'
import { faultLine } from '../../../../lib/notifications/templates/faults.ts'
import { unknownNames } from '../../../../lib/notifications/templates/unknown-names.ts'

const key = { scope: 'acme', name: 'x', channel: 'any', locale: 'ru' } as const

function unknown(source: string, html = '', more: Record<string, string> = {}): string[] {
  const files = { 'acme/x/any.ru.liquid': source, 'acme/x/any.ru.html.liquid': html, ...more }
  return unknownNames(key, files, createEngines(files, 'acme')).map(faultLine)
}

const names = ['event', 'customData', 'tenant', 'locale', 'timeZone', 'document', 'link', 'now']
const all = [...names, 'organisation', 'webUrl'].map((name) => `{{ ${name} }}`).join('')
const ofHtml = ['title', 'text', 'facts', 'open', 'why', 'brand']

describe('the names that a template does not know', () => {
  it('are none of those that it may use', () => {
    expect(unknown(`${all}\n${all}`, all)).toEqual([])
    expect(unknown('T', ofHtml.map((name) => `{{ ${name} }}`).join(''))).toEqual([])
    expect(unknown('')).toEqual([])
    // One without HTML of its own.
    const files = { 'acme/x/any.ru.liquid': 'T\n{{ a }}' }
    expect(unknownNames(key, files, createEngines(files, 'acme'))).toHaveLength(1)
  })

  it('are those of HTML in a text', () => {
    for (const name of ofHtml) {
      expect(unknown(`T\n\n  {{ ${name} }}`)).toEqual([
        `acme/x/any.ru.liquid:3:6: undefined variable: ${name}`,
      ])
    }
  })

  it('are found in the title, the text and the HTML, each time that they stand there', () => {
    expect(unknown('{{ a }}\n{% if false %}{{ b }}{{ a }}{% endif %}', '\n{{ c }}{{ c }}')).toEqual(
      [
        'acme/x/any.ru.liquid:1:4: undefined variable: a',
        'acme/x/any.ru.liquid:2:18: undefined variable: b',
        'acme/x/any.ru.liquid:2:25: undefined variable: a',
        'acme/x/any.ru.html.liquid:2:4: undefined variable: c',
        'acme/x/any.ru.html.liquid:2:11: undefined variable: c',
      ],
    )
  })

  it('are found in a part, where it stands', () => {
    const parts = { 'acme/parts/p.liquid': '\n{{ a }}' }
    expect(unknown("T\n{% include 'p' %}", '', parts)).toEqual([
      'acme/parts/p.liquid:2:4: undefined variable: a',
    ])
  })

  it('give way to what can not be parsed', () => {
    expect(unknown('T\n{{ a }}{% if %}')).toEqual([
      'acme/x/any.ru.liquid:2:13: invalid value expression: ""',
    ])
  })

  it('are found in a fact and a short line, and in the label', () => {
    const source = 'T\n{% fact a %}{{ b }}{% endfact %}\n{% short %}{{ c }}{% endshort %}'
    expect(unknown(source).map((line) => line.split(': ').at(-1))).toEqual(['a', 'b', 'c'])
  })
})
