// biome-ignore-all lint/suspicious/noTemplateCurlyInString: FreeMarker's values look like JavaScript's
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { taskEvent } from '../../../../lib/events/schemas.ts'
import { faultAt } from '../../../../lib/notifications/ecos-templates/faults.ts'
import { importTemplates } from '../../../../lib/notifications/ecos-templates/import-templates.ts'
import { readBuiltIn, readOperators } from '../../../../lib/notifications/templates/files.ts'
import { createNamedAttributes } from '../../../../lib/notifications/templates/named-attributes.ts'
import { createRender } from '../../../../lib/notifications/templates/render.ts'
import { fixtures, options, read, told } from './folders.ts'

const event = {
  docId: 'emodel/leave@7',
  taskTitle: 'Согласовать отпуск',
  attributes: {
    employee: 'Иванова А. А.',
    'decision?str': 'yes',
    dateFrom: '2026-07-01T00:00:00Z',
    dateTo: null,
    'importance?num': 2,
    'deputies[]': ['Петров <П>', 'Сидоров'],
    '_type?localId': 'leave',
    '_parent?id': 'emodel/schedule@1',
    '?disp': 'Заявление №7',
  },
}

function arriving(template: string, locale: string) {
  const { files } = importTemplates(read('good'), options)
  const render = createRender({ ...readBuiltIn(), ...files }, () => ({
    webUrl: 'https://ecos.acme.example',
  }))
  const data = taskEvent.parse({ type: 'task.assign', ...event })
  const customData = { approvedBy: 'Смирнов' }
  const reader = { tenant: 'acme', channel: 'email', locale, template, customData } as const
  return render({ type: 'task.assign' }, data, reader)
}

describe('an imported template', () => {
  it('says in HTML what it said in ECOS, with values escaped and links to this tenant', () => {
    const { html, title } = arriving('leave-approved', 'ru')
    expect(title).toBe('Отпуск: согласован, Иванова А. А.')
    expect(html).toContain('<style>.box { padding: 4px; }</style>')
    expect(html).toContain('<p>Смирнов согласовал(а) ваш отпуск с 01.07.2026.</p>')
    expect(html).toContain('<li>1. Петров &lt;П&gt;</li>')
    expect(html).toContain('href="https://ecos.acme.example/v2/dashboard?recordRef=emodel/leave@7"')
    expect(html).toContain('recordRef=emodel/schedule@1">график отпусков')
    expect(html).toContain('mailto:help@acme.example?subject=Отпуск: согласован, Иванова А. А."')
  })

  it('has a place for the links of its reader at the end of its HTML', () => {
    const place = '<p><!-- personal links --></p>\n'
    expect(arriving('leave-approved', 'ru').html).toContain(`${place}</body>`)
    expect(arriving('leave-approved', 'en').html).toMatch(new RegExp(`</p>\n${place}$`))
  })

  it('says the same where there is no HTML', () => {
    expect(arriving('leave-approved', 'ru').text).toBe(`Здравствуйте, Иванова А. А.!

Смирнов согласовал(а) ваш отпуск с 01.07.2026.

Важность: обычная

Вас замещают:

- 1. Петров <П>
- 2. Сидоров

Открыть заявление, все заявления (https://ecos.acme.example/v2/journals?type=leave), график отпусков (https://ecos.acme.example/v2/dashboard?recordRef=emodel/schedule@1)

Вопросы: help@acme.example (mailto:help@acme.example?subject=Отпуск: согласован, Иванова А. А.)
`)
  })

  it('has each of its languages, and our page around where it is no HTML', () => {
    expect(arriving('leave-approved', 'en').title).toBe('Leave of Иванова А. А.')
    const push = arriving('task-push', 'ru')
    expect(push).toMatchObject({
      title: 'Новая задача: Согласовать отпуск',
      text: 'Заявление №7\n',
    })
    expect(push.html).toContain('class="card"')
  })
})

describe('an import', () => {
  /** Anew for each test: what is made while tests are declared is no test's. */
  const importGood = () => importTemplates(read('good'), options)

  it('makes the templates and languages of its artifacts', () => {
    const made = importGood()
    expect(made.refused).toEqual([])
    expect(Object.keys(made.files).sort()).toEqual([
      '_all/leave-approved/any.en.html.liquid',
      '_all/leave-approved/any.en.liquid',
      '_all/leave-approved/any.ru.html.liquid',
      '_all/leave-approved/any.ru.liquid',
      '_all/task-push/any.ru.liquid',
    ])
    expect(made.libraries).toEqual(['letters-lib'])
  })

  it('is what the integration tests deploy', () => {
    const scope = 'every-channel'
    const { files } = importTemplates(read('good'), { ...options, scope })
    const deployed = readOperators(join(fixtures, '../templates'))
    const theirs = Object.keys(files).filter((path) => path.startsWith(`${scope}/leave-approved/`))
    expect(theirs).toHaveLength(4)
    for (const path of theirs) expect([path, deployed[path]]).toEqual([path, files[path]])
  })

  it('has the attributes asked for that the templates use', () => {
    const attributes = createNamedAttributes(importGood().files)
    expect(attributes('acme', 'leave-approved')).toEqual([
      ...['_parent?id', '_type?localId', 'comment', 'dateFrom', 'dateTo', 'decision?str'],
      ...['deputies[]', 'employee', 'importance?num', 'reason'],
    ])
  })

  it('says what is different, and what subscriptions have to give', () => {
    expect(importGood().notes.map(told)).toEqual([
      'leave/leave-approved.html.meta.yml: customData.approvedBy was $process.approver in ECOS: subscriptions have to give it (--data approvedBy=…)',
    ])
  })

  it('refuses what it can not translate, all of it at once, and keeps the rest', () => {
    const { files, imported, refused } = importTemplates(read('bad'), options)
    expect(refused.map(told).sort()).toEqual([
      `a/first.html.ftl.meta.yml:3:7: \${ is not closed`,
      `a/first.html.ftl:1:6: "nobody" is neither in the artifact's model nor assigned`,
      'a/first.html.ftl:2:12: ?matches has no counterpart in Liquid',
      'a/second.html.ftl:1:1: <#attempt> has no counterpart in Liquid',
      'b/bare.html.meta.yml: has no .ftl file of its name beside it',
      'b/broken.meta.yml:2:1: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      'b/lonely.html.ftl: has no .meta.yml of its name beside it',
      'b/third.html.ftl.meta.yml:1:5: id: is not a name of letters, digits, "-", "_" and ".", of up to 200 characters',
      'b/third.html.ftl.meta.yml:5:3: multiTemplateConfig: chooses other templates by the type of the record: subscribe with conditions instead',
    ])
    expect(imported).toEqual(['fine'])
    expect(Object.keys(files)).toEqual(['_all/fine/any.ru.liquid', '_all/fine/any.ru.html.liquid'])
  })

  it.each([
    [
      'id: a\nnotificationTitle: *none',
      'YAML: Unresolved alias (the anchor must be set before the alias): none',
    ],
    ['id: a\nnotificationTitle:\n  nobody!: Hi', 'notificationTitle: "nobody!" is not a language'],
  ])('refuses the artifact of %j alone', (description, text) => {
    const files = { 'a.ftl': 'a', 'a.ftl.meta.yml': description }
    const { imported, refused } = importTemplates({ ...read('good'), ...files }, options)
    expect(refused).toMatchObject([{ place: expect.stringContaining('a.ftl.meta.yml'), text }])
    expect(imported).toEqual(importGood().imported)
  })

  it('refuses all that is wrong with an artifact at once, whatever is at fault', () => {
    const files = {
      'a.ftl': '\ufeff<p>${nobody}</p>\r\n${s?foo} ${1 +} <#bar>\r\n<#assign x = >${x}</#if>\r\n${',
      'a.ftl.meta.yml': '\ufeffid: a\r\nnotificationTitle: ${q}\r\nmodel: { s: title }\r\n',
      'b.ftl': '${1 +}',
      'b.ftl.meta.yml': 'id: b\nnotificationTitle: T\nmodel: { s: 1 }\n',
    }
    const unread = [faultAt('c.ftl', 'is not UTF-8: convert it')]
    const more = { 'c.ftl.meta.yml': 'id: c\nnotificationTitle: T\n' }
    const { imported, refused } = importTemplates({ ...files, ...more }, options, unread)
    expect(imported).toEqual([])
    expect(refused.map(told).sort()).toEqual([
      'a.ftl.meta.yml:2:20: "q" is neither in the artifact\'s model nor assigned',
      'a.ftl:1:6: "nobody" is neither in the artifact\'s model nor assigned',
      'a.ftl:2:15: expected a value',
      'a.ftl:2:17: <#bar> has no counterpart in Liquid',
      'a.ftl:2:4: ?foo has no counterpart in Liquid',
      'a.ftl:3:14: expected a value',
      'a.ftl:3:19: </#if> has no beginning',
      'a.ftl:4:1: ${ is not closed',
      'b.ftl.meta.yml:3:13: model.s: Invalid input: expected string, received number',
      'b.ftl:1:6: expected a value',
      'c.ftl: is not UTF-8: convert it',
    ])
  })

  it.each([
    ['<#assign a>${a}</#assign>${a}', 'macros, templates or parts contain one another'],
    [
      '<#assign a>${b}</#assign><#assign b>${a}</#assign>${a}',
      'macros, templates or parts contain one another',
    ],
    ['<#include "a">', 'macros, templates or parts contain one another'],
    ['<#import "a" as a>', 'macros, templates or parts contain one another'],
  ])('refuses what would never end: %s', (template, text) => {
    const files = { 'a.ftl': template, 'a.ftl.meta.yml': 'id: a\nnotificationTitle: T\n' }
    const { imported, refused } = importTemplates(files, options)
    expect(imported).toEqual([])
    expect(refused[0]).toMatchObject({ text })
  })

  it.each([
    ['../../../evil', 'id: is not a name'],
    ['"a\\b"', 'id: is not a name'],
    ['..', 'id: is not a name'],
    ['x'.repeat(201), 'id: is not a name'],
    ['parts', 'id: is the folder of the parts of templates'],
  ])('refuses the id %s, under which no template can be', (id, text) => {
    const files = { 'a.ftl': 'a', 'a.ftl.meta.yml': `id: ${id}\nnotificationTitle: T\n` }
    const { files: made, refused } = importTemplates(files, options)
    expect(made).toEqual({})
    expect(refused).toMatchObject([
      { place: 'a.ftl.meta.yml:1:5', text: expect.stringContaining(text) },
    ])
  })

  it('refuses an attribute of any length at once', () => {
    const attribute = `a${' '.repeat(100_000)}b`
    const meta = `id: a\nnotificationTitle: T\nmodel: { s: "${attribute}" }\n`
    const { refused } = importTemplates({ 'a.ftl': '${s}', 'a.ftl.meta.yml': meta }, options)
    expect(refused).toMatchObject([{ text: 'model.s: has more than 1,000 characters' }])
  })

  it('says which template becomes that of an event type', () => {
    const meta = 'id: task.assign\nnotificationTitle: T\n'
    const { imported, notes } = importTemplates({ 'a.ftl': 'a', 'a.ftl.meta.yml': meta }, options)
    expect(imported).toEqual(['task.assign'])
    expect(notes.map(told)).toEqual([
      'a.ftl.meta.yml: task.assign is an event type: the template is used for all its notifications that name none',
    ])
  })
})
