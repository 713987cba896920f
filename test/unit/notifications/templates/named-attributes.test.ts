import { describe, expect, it } from '@jest/globals'
import { createNamedAttributes } from '../../../../lib/notifications/templates/named-attributes.ts'

const asked = (files: Readonly<Record<string, string>>) =>
  createNamedAttributes(files)('acme', 'contract')

describe('the attributes that a template asks for', () => {
  it('are those of its title, text, HTML and the layout', () => {
    const files = {
      'acme/contract/any.ru.liquid': '{{ event.attributes["a"] }}\n\n{{ event.attributes["b"] }}\n',
      'acme/contract/any.ru.html.liquid': '<p>{{ event.attributes["c"] }}</p>\n',
      '_all/layout.html.liquid': '<h1>{{ event.attributes["d"] }}</h1>\n{{ content }}\n',
      'acme/another/any.ru.liquid': '{{ event.attributes["e"] }}\n',
    }
    expect(asked(files)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('are found in HTML whose first line begins a condition: it has no title', () => {
    const html = '{% if event.attributes["a"] %}\n<p>{{ event.attributes["b"] }}</p>\n{% endif %}\n'
    expect(asked({ 'acme/contract/any.ru.html.liquid': html })).toEqual(['a', 'b'])
    expect(asked({ '_all/layout.html.liquid': html })).toEqual(['a', 'b'])
  })
})
