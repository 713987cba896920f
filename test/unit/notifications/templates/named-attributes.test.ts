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

  it('are those of the tenant and of all, in every language and channel, each once', () => {
    const reads = (name: string) => `T\n{{ event.attributes["${name}"] }}`
    const files = {
      ...{ 'acme/contract/any.ru.liquid': reads('z'), 'acme/contract/sms.en.liquid': reads('b') },
      ...{ '_all/contract/email.de.liquid': reads('z'), '_all/contract/any.ru.liquid': reads('a') },
      ...{
        '_built-in/contract/any.ru.liquid': reads('x'),
        'other/contract/any.ru.liquid': reads('x'),
      },
      ...{ 'acme/layout.html.liquid': reads('l'), 'other/layout.html.liquid': reads('x') },
      ...{ '_built-in/layout.html.liquid': reads('x'), 'acme/contract/notes.txt': reads('x') },
    }
    expect(asked(files)).toEqual(['a', 'b', 'l', 'z'])
  })

  it('are those of the parts that it includes, and of no others', () => {
    const files = {
      'acme/contract/any.ru.liquid': "T\n{% include 'p' %}",
      'acme/parts/p.liquid': '{{ event.attributes["a"] }}',
      'acme/parts/q.liquid': '{{ event.attributes["b"] }}',
    }
    expect(asked(files)).toEqual(['a'])
  })

  it('are named in the template: neither other fields of the event nor names from the event are', () => {
    const source =
      'T\n{{ event.taskTitle }}{{ event.attributes }}{{ event.attributes[event.docId] }}' +
      '{{ event.attributes[0] }}{{ document.attributes["x"] }}{{ event.other["y"] }}{{ event.attributes.a.b }}'
    expect(asked({ 'acme/contract/any.ru.liquid': source })).toEqual(['a'])
    expect(asked({ 'acme/contract/any.ru.liquid': 'T\n' })).toEqual([])
  })

  it('are each tenant’s and each template’s own', () => {
    const of = createNamedAttributes({
      'acme/contract/any.ru.liquid': '{{ event.attributes["a"] }}',
      'other/contract/any.ru.liquid': '{{ event.attributes["b"] }}',
      'acme/invoice/any.ru.liquid': '{{ event.attributes["c"] }}',
    })
    for (const _ of [1, 2]) {
      expect([of('acme', 'contract'), of('other', 'contract'), of('acme', 'invoice')]).toEqual([
        ...[['a'], ['b'], ['c']],
      ])
    }
    expect(of('acme', 'contract')).toBe(of('acme', 'contract'))
  })
})
