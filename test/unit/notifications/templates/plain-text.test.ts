import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { catalogue } from '../../../../lib/events/catalogue.ts'
import { readBuiltIn } from '../../../../lib/notifications/templates/files.ts'
import { plainText } from '../../../../lib/notifications/templates/plain-text.ts'
import { createRender } from '../../../../lib/notifications/templates/render.ts'

describe('plain text', () => {
  it.each([
    [
      '<p>Прошу&nbsp;уточнить</p><p>Спасибо &amp; до связи</p>',
      'Прошу уточнить\nСпасибо & до связи\n',
    ],
    ['<b>Срочно</b>: <a href="https://x.example/?a=1&b=2>3">документ</a>', 'Срочно: документ'],
    ['один<br>два<br/>три', 'один\nдва\nтри'],
    ['один \t <br>два  \n<b>три</b>', 'один\nдва\nтри'],
    ['<ul><li>1</li><li>2</li></ul>', '1\n2\n\n'],
    ['<style>p { color: red }</style>x<!-- y --><script>alert(1)</script>', 'x'],
    ['<img src=x onerror=alert(1)>после', 'после'],
    ['<p>&lt;b&gt; делает жирным, &#1071; и &#x42F;</p>', '<b> делает жирным, Я и Я\n'],
    [
      '<p>Срок &mdash; 5&hellip;10&nbsp;дн. &laquo;Акт&raquo; &copy; &frac12; &foo;</p>',
      'Срок — 5…10 дн. «Акт» © ½ &foo;\n',
    ],
    ['<b>Если</b> x <a and y> b, то <i then j>', 'Если x <a and y> b, то <i then j>'],
    ['<input disabled><details open>да</details><td nowrap width=5>x</td>', 'даx'],
    ['<b>x</b>&#151;', 'x—'],
    ['<b>x</b>&#x9b;31m&#127;&#xd800;&#1114112;', 'x›31m&#127;&#xd800;&#1114112;'],
  ])('of %j is %j', (html, text) => expect(plainText(html)).toBe(text))

  it.each([
    'в пункте 2.1 <три> цены',
    'a < b и c > d',
    '1<2',
    'AT&amp;T',
    '<ivanov@acme.example>',
    'a <b',
    'if x <a and y> b',
    'выбрать <p или q>, затем <s один> и </b или>',
    'from <a to b> &mdash; or <code 5>',
    '<a and="y',
    'List<String>',
  ])('that is no HTML stays as it is: %j', (text) => expect(plainText(text)).toBe(text))

  it('takes no long time, whatever is written', () => {
    for (const part of ['<a ', '<a "', '<!--', '<script>', '<p>&', '<b "\'']) {
      expect(plainText(part.repeat(5000)).length).toBeGreaterThan(0)
    }
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>/pb&;"\' !-a') }), (text) => {
        expect(plainText(text).length).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})

it('a comment of HTML is shown as it was written in HTML mail, and without its tags in text', () => {
  const { schema } = catalogue['comment.added']
  const textAfter = '<p>Сумма <b>100</b></p><script>alert(1)</script>'
  const event = schema.parse({ type: 'comment.added', textAfter, docId: 'x@1' })
  const render = createRender(readBuiltIn())
  const told = { tenant: 'acme', channel: 'email', customData: {} } as const
  const { title, text, html } = render({ type: 'comment.added' }, event, told)
  expect(title).toBe('Новый комментарий: Сумма 100')
  expect(text).toContain('\nСумма 100\n')
  expect(html).toContain('&lt;p&gt;Сумма &lt;b&gt;100&lt;/b&gt;&lt;/p&gt;&lt;script&gt;')
  expect(html).not.toMatch(/<script|<b>/)
})
