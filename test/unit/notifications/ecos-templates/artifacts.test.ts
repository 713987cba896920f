// biome-ignore-all lint/suspicious/noTemplateCurlyInString: FreeMarker's values look like JavaScript's
import { describe, expect, it } from '@jest/globals'
import { faultAt } from '../../../../lib/notifications/ecos-templates/faults.ts'
import { importTemplates } from '../../../../lib/notifications/ecos-templates/import-templates.ts'
import { told } from './folders.ts'

const options = { scope: '_all', record: '', config: {} }
const importing = (files: Record<string, string>, more: Partial<typeof options> = {}) =>
  importTemplates(files, { ...options, ...more })

const meta = 'id: a\nnotificationTitle: T\n'
const titled = (titles: object, more: object = {}) =>
  JSON.stringify({ id: 'a', notificationTitle: titles, ...more })

/** The files that are made, with their texts. */
function made(files: Record<string, string>): Record<string, string> {
  const { files: texts, refused } = importing(files)
  expect(refused).toEqual([])
  return Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path.replace(/^_all\//, ''), text]),
  )
}

describe('an artifact', () => {
  it.each([
    ['a.ftl', 'a.meta.yml'],
    ['a.ftl', 'a.ftl.meta.yml'],
    ['a.html.ftl', 'a.html.meta.yml'],
    ['a.html.ftl', 'a.html.ftl.meta.yaml'],
    ['deep/in/a.ftl', 'deep/in/a.meta.json'],
  ])('is %s with its description %s', (body, description) => {
    expect(made({ [body]: 'x', [description]: titled({ ru: 'T' }) })).toEqual({
      'a/any.ru.liquid': 'T\n\nx\n',
    })
  })

  it.each([
    ['b.ftl', 'a.meta.yml'],
    ['a.ftl', 'a_b.meta.yml'],
    ['a.ftl', 'b/a.meta.yml'],
    ['a.html.ftl', 'a.meta.yml'],
    ['aXftl', 'a.meta.yml'],
    ['a_russian.ftl', 'a.meta.yml'],
    ['a_r.ftl', 'a.meta.yml'],
    ['a_RU.ftl', 'a.meta.yml'],
  ])('is not %s with %s', (body, description) => {
    const { files, refused } = importing({ [body]: 'x', [description]: meta })
    expect(files).toEqual({})
    expect(refused.map(told)).toContain(`${description}: has no .ftl file of its name beside it`)
  })

  it.each([['a.meta.txt'], ['a.metaxyml'], ['a.yml'], ['a.meta.yml.bak']])(
    'has no description in %s',
    (path) => {
      expect(importing({ 'a.ftl': 'x', [path]: meta })).toMatchObject({ files: {}, refused: [] })
    },
  )

  it('is told where its template stands alone, but only in a folder of artifacts', () => {
    const alone = { 'a.ftl': 'x', 'a.meta.yml': meta, 'b.ftl': 'y', 'other/c.ftl': 'z' }
    expect(importing(alone).refused.map(told)).toEqual([
      'b.ftl: has no .meta.yml of its name beside it',
    ])
  })

  it('is told where another one has its id', () => {
    const twice = { 'a.ftl': 'x', 'a.meta.yml': meta, 'b.ftl': 'y', 'b.meta.yml': meta }
    expect(importing(twice).refused.map(told)).toEqual([
      'b.meta.yml: there is another artifact "a"',
    ])
  })

  it.each([
    ['', 'a.meta.yml:1:1: YAML: Invalid input: expected object, received null'],
    ['- a', 'a.meta.yml:1:1: YAML: Invalid input: expected object, received array'],
    ['\n\nx', 'a.meta.yml:3:1: YAML: Invalid input: expected object, received string'],
    ['id: a\nid: b', 'a.meta.yml:2:1: YAML: Map keys must be unique'],
    [
      'id: a\nmodel:\n  s: [1]',
      'a.meta.yml:3:6: model.s: Invalid input: expected string, received array',
    ],
    ['id: 5', 'a.meta.yml:1:5: id: Invalid input: expected string, received number'],
    [
      'id: a\nnotificationTitle:\n  ru: T\n  x y: T',
      'a.meta.yml:4:8: notificationTitle: "x y" is not a language',
    ],
  ])('is refused with the place in its description: %j', (description, fault) => {
    const { refused } = importing({ 'a.ftl': 'x', 'a.meta.yml': description })
    expect(refused.map(told)).toContain(fault)
  })

  it.each(['id: a.b-c_D1\n', 'id: $a\n', `id: ${'x'.repeat(200)}\n`])('may have the %s', (id) => {
    expect(importing({ 'a.ftl': 'x', 'a.meta.yml': `${id}notificationTitle: T\n` })).toMatchObject({
      imported: [id.slice(4).trim()],
      refused: [],
    })
  })

  it.each(['id: a.\n', 'id: ""\n', 'id: a/b\n', 'id: "a b"\n', 'id: é\n'])(
    'may not have the %s',
    (id) => {
      const { refused } = importing({ 'a.ftl': 'x', 'a.meta.yml': `${id}notificationTitle: T\n` })
      expect(refused[0]?.text).toMatch(/^id: is not a name/)
    },
  )

  it('may leave out what it does not need', () => {
    const bare = { notificationTitle: 'T', model: null, multiTemplateConfig: [], other: 1 }
    const files = { 'a.ftl': 'x', 'a.meta.json': JSON.stringify({ id: 'a', ...bare }) }
    expect(importing(files)).toMatchObject({ imported: ['a'], refused: [], notes: [] })
  })

  it('without a title is a library, which makes no template', () => {
    for (const title of [{}, { ru: '' }, '', null]) {
      const files = { 'a.ftl': '${nobody}', 'a.meta.yml': titled(title as object) }
      expect([title, importing(files)]).toMatchObject([
        title,
        { libraries: ['a'], imported: [], files: {}, refused: [] },
      ])
    }
  })
})

describe('the languages of an artifact', () => {
  it('are those of its templates', () => {
    const files = { 'a_ru.ftl': 'р', 'a_en.ftl': 'e', 'a_pt_BR.ftl': 'p' }
    const titles = { ru: 'Р', en: 'E', pt_BR: 'P', de: 'D' }
    expect(made({ ...files, 'a.meta.yml': titled(titles) })).toEqual({
      'a/any.ru.liquid': 'Р\n\nр\n',
      'a/any.en.liquid': 'E\n\ne\n',
      'a/any.pt-BR.liquid': 'P\n\np\n',
    })
  })

  it('are those of its titles where one template is for all of them', () => {
    const files = { 'a.ftl': 'x', 'a_en.ftl': 'e' }
    expect(made({ ...files, 'a.meta.yml': titled({ ru: 'Р', en: 'E', de: '' }) })).toEqual({
      'a/any.ru.liquid': 'Р\n\nx\n',
      'a/any.en.liquid': 'E\n\ne\n',
    })
  })

  it.each([
    [{ ru: 'Р', en: 'E' }, 'Р'],
    [{ en: 'E', ru: 'Р' }, 'Р'],
    [{ en: 'E', fr: 'F' }, 'E'],
    [{ en: 'E', de: 'D' }, 'D'],
  ])('take the title of %j that there is', (titles, title) => {
    expect(made({ 'a_de.ftl': 'x', 'a.meta.yml': titled(titles) })).toEqual({
      'a/any.de.liquid': `${title}\n\nx\n`,
    })
  })

  it.each([
    [{ 'lib_ru.ftl': 'р', 'lib_en.ftl': 'e' }, 'р', 'e'],
    [{ 'lib.ftl': 'x', 'lib_en.ftl': 'e' }, 'x', 'e'],
    [{ 'lib_ru.ftl': 'р', 'lib_de.ftl': 'd' }, 'р', 'р'],
    [{ 'lib_de.ftl': 'd', 'lib_fr.ftl': 'f' }, 'd', 'd'],
  ])('take the library %j in their own, or that there is', (library, russian, english) => {
    const files = { ...library, 'lib.meta.yml': 'id: lib', 'a.ftl': '<#include "lib">' }
    expect(made({ ...files, 'a.meta.yml': titled({ ru: 'Р', en: 'E' }) })).toEqual({
      'a/any.ru.liquid': `Р\n\n${russian}\n`,
      'a/any.en.liquid': `E\n\n${english}\n`,
    })
  })
})

describe('what an artifact becomes', () => {
  const single = (body: string, title = 'T') =>
    made({ 'a.ftl': body, 'a.meta.yml': titled({ ru: title }, { model: { s: 'title' } }) })

  it('is text with its title in one line', () => {
    expect(single('\n\n x\n y \n\n', ' T \n ${s}\n')).toEqual({
      'a/any.ru.liquid': 'T {{ event.attributes["title"] }}\n\nx\n y\n',
    })
    expect(single('a < b & <3', 'A < B')).toEqual({
      'a/any.ru.liquid': 'A < B\n\na < b & <3\n',
    })
  })

  const links = '<p><!-- personal links --></p>\n'
  it.each([
    ['<p>x</p>', `<p>x</p>\n${links}`],
    ['<body>x</body>', `<body>x${links}</body>\n`],
    ['<BODY>x</BODY></html>', `<BODY>x${links}</BODY></html>\n`],
    ['<!-- </body> --><body>x</body>', `<!-- </body> --><body>x${links}</body>\n`],
    ['<!DOCTYPE html>x', `<!DOCTYPE html>x\n${links}`],
    ['x</p>', `x</p>\n${links}`],
  ])('of %s is HTML with a place for the links of its reader, and text', (body, html) => {
    expect(single(body)).toEqual({ 'a/any.ru.html.liquid': html, 'a/any.ru.liquid': 'T\n\nx\n' })
  })

  it('has the title of the notification in its text too', () => {
    expect(single('<p>${_notification.title}</p>', 'T ${s}')).toMatchObject({
      'a/any.ru.html.liquid': expect.stringContaining('<p>{{ title }}</p>'),
      'a/any.ru.liquid': 'T {{ event.attributes["title"] }}\n\nT {{ event.attributes["title"] }}\n',
    })
  })

  it('is in the folder of its tenant, and asks for what its events have', () => {
    const files = { 'a.ftl': '${s}', 'a.meta.yml': titled({ ru: 'T' }, { model: { s: 'x' } }) }
    expect(importing(files, { scope: 'acme', record: 'record' }).files).toEqual({
      'acme/a/any.ru.liquid': 'T\n\n{{ event.attributes["record.x"] }}\n',
    })
  })

  it('is noted and refused once, however many languages have the same', () => {
    const model = { model: { p: '$process.p' } }
    const files = { 'a.ftl': '${p}', 'a.meta.yml': titled({ ru: 'Р', en: 'E' }, model) }
    expect(importing(files).notes.map(told)).toEqual([
      'a.meta.yml: customData.p was $process.p in ECOS: subscriptions have to give it (--data p=…)',
    ])
    const bad = { 'a.ftl': '${p}${q} ${q}', 'a.meta.yml': titled({ ru: 'Р', en: 'E' }, model) }
    expect(importing(bad)).toMatchObject({ notes: [], imported: [], files: {} })
    expect(importing(bad).refused.map(told)).toEqual([
      'a.ftl:1:7: "q" is neither in the artifact\'s model nor assigned',
      'a.ftl:1:12: "q" is neither in the artifact\'s model nor assigned',
    ])
  })

  it('is refused where its title or its HTML can not be, with the place', () => {
    const files = { 'a.ftl': '<#if true><p</#if>>', 'a.meta.yml': titled({ ru: '${1 +}' }) }
    expect(importing(files).refused.map(told)).toEqual([
      expect.stringMatching(/^a\.meta\.yml:1:\d+: expected a value$/),
      'a.ftl:1:1: a tag of HTML begins within a condition or loop and ends outside of it',
    ])
  })

  it('is not told of where a file of it could not be read', () => {
    const unread = [faultAt('a_en.ftl', 'is not UTF-8: convert it')]
    const files = { 'a_ru.ftl': '${nobody}', 'a.meta.yml': meta }
    const { imported, refused } = importTemplates(files, options, unread)
    expect(imported).toEqual([])
    expect(refused.map(told)).toEqual(['a_en.ftl: is not UTF-8: convert it'])
  })
})
