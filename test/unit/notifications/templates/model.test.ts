import { describe, expect, it } from '@jest/globals'
import { createEngines } from '../../../../lib/notifications/templates/engine.ts'
import { eventFactsOf } from '../../../../lib/notifications/templates/event-facts.ts'
import { faultLine, faultsOf } from '../../../../lib/notifications/templates/faults.ts'
import { linkOf, partsFor } from '../../../../lib/notifications/templates/message-parts.ts'
import { modelOf, type Reader } from '../../../../lib/notifications/templates/model.ts'
import { boundedContext } from '../../../../lib/notifications/templates/steps.ts'
import type { MessageSettings } from '../../../../lib/tenants/messages.ts'

interface Case {
  readonly type?: string
  readonly settings?: MessageSettings
  readonly locale?: string
  readonly people?: Readonly<Record<string, string>>
}

const webUrl = 'https://ecos.acme.example'

function sourceOf(data: object, more: Case = {}) {
  const { type = 'task.create', settings = {}, locale = 'ru', people = {} } = more
  return { type, data, facts: eventFactsOf(data), settings, locale, people }
}

function modelFor(data: object, more: Case = {}, reader: Partial<Reader> = {}) {
  const source = sourceOf(data, more)
  return modelOf(source, linkOf(source), { tenant: 'acme', customData: {}, ...reader })
}

/** What a template of the text makes of the model. */
function written(source: string, data: object, more: Case = {}, reader: Partial<Reader> = {}) {
  const { text } = createEngines({}, 'acme')
  const model = modelFor(data, more, { timeZone: 'Europe/Moscow', now: new Date(0), ...reader })
  try {
    return text.renderSync(text.parse(source), boundedContext(text, model, 10_000))
  } catch (error) {
    throw new Error(faultsOf(error, 'x.liquid', {}).map(faultLine).join('\n'))
  }
}

describe('the names that a template may use', () => {
  it('are those of the reader, the tenant and the event', () => {
    const settings = { webUrl, name: 'Акме', timeZone: 'Asia/Vladivostok' }
    const now = new Date('2026-01-01T00:00:00Z')
    const people = { ivanov: 'Иванов И. И.' }
    expect(modelFor({ docId: 'a/b@1' }, { settings, people }, { now })).toMatchObject({
      ...{ tenant: 'acme', locale: 'ru', timeZone: 'Asia/Vladivostok', organisation: 'Акме' },
      ...{ link: `${webUrl}/v2/dashboard?recordRef=a/b@1`, webUrl, document: '' },
      ...{ people, now: now.getTime() },
    })
  })

  it('are empty for what the tenant has not set', () => {
    expect(modelFor({})).toMatchObject({
      ...{ timeZone: 'Europe/Moscow', organisation: '', link: '', webUrl: '', document: '' },
    })
  })

  it('have the zone of the reader before that of the tenant', () => {
    const settings = { timeZone: 'Asia/Vladivostok' }
    expect(modelFor({}, { settings }, { timeZone: 'UTC' }).timeZone).toBe('UTC')
  })

  it.each([
    ['its title', { docId: 'a/b@1', attributes: { title: { ru: ' Устав ' } } }, {}, 'Устав'],
    [
      'its title beside a link',
      { docId: 'a/b@1', attributes: { title: 'Устав' } },
      { webUrl },
      'Устав',
    ],
    ['nothing where a link leads there', { docId: 'a/b@1' }, { webUrl }, ''],
    ['its reference where none does', { docId: 'a/b@1' }, {}, 'a/b@1'],
    [
      'no title that is a reference',
      { docId: 'a/b@1', attributes: { title: 'c/d@2' } },
      {},
      'a/b@1',
    ],
    ['nothing of an event without one', {}, {}, ''],
  ])('call the record by %s', (_, data, settings, document) => {
    expect(modelFor(data, { settings }).document).toBe(document)
  })
})

describe('the attributes of the record', () => {
  const attributes = { 'case.title': 'Lease', n: 0, 'author?disp': 'Smith' }

  it('are read by any path, and are null where the event came without', () => {
    const source =
      "{{ event.attributes['case.title?disp'] }};{{ event.attributes.n }};{{ event.attributes.x }}"
    expect(written(source, { attributes })).toBe('Lease;0;')
    for (const none of [undefined, null, 'text', 7]) {
      expect(written('[{{ event.attributes.x }}]', { attributes: none })).toBe('[]')
    }
  })

  it('may have the name of what every object has: who designed the part, say', () => {
    const source = '[{{ event.attributes.constructor }}]'
    expect(written(source, {})).toBe('[]')
    expect(written(source, { attributes: { constructor: 'Smith' } })).toBe('[Smith]')
  })

  it('can be gone through, and written as JSON', () => {
    const each = '{% for pair in event.attributes %}{{ pair[0] }}={{ pair[1] }};{% endfor %}'
    expect(written(each, { attributes })).toBe('case.title=Lease;n=0;author?disp=Smith;')
    expect(written('{{ event.attributes | json }}', { attributes: { a: 1 } })).toBe('{"a":1}')
  })
})

describe('custom data', () => {
  it('are what the subscription takes, and empty for any other name', () => {
    const customData = { boss: 'Ivanov', list: ['a', 'b'], none: null }
    const source =
      '{{ customData.boss }};{{ customData.list[1] }};{{ customData.none }};{{ customData.x }}'
    expect(written(source, {}, {}, { customData })).toBe('Ivanov;b;;')
  })

  it('are within the bounds of values', () => {
    const customData = { long: 'x'.repeat(3000) }
    expect(written('{{ customData.long | size }}', {}, {}, { customData })).toBe('2000')
  })
})

describe('a filter', () => {
  const people = { ivanov: 'Иванов И. И.', '7': 'Семь' }

  it.each([
    ["{{ 'ivanov' | person }}", 'Иванов И. И.'],
    ["{{ ' IVANOV ' | person }}", 'Иванов И. И.'],
    ["{{ ' Petrov ' | person }}", 'Petrov'],
    ["{{ 'constructor' | person }}", 'constructor'],
    ['{{ 7 | person }}', 'Семь'],
    ['[{{ event.none | person }}]', '[]'],
    ["{{ 'Устав' | readable }}", 'Устав'],
    ["[{{ 'emodel/contract@42' | readable }}]", '[]'],
    ['{{ 0.125 | number }};{{ 2.5 | number }}', '0,125;2,5'],
    // To the even neighbour, as Java's formats.
    ['{{ 0.0005 | number }};{{ 0.0015 | number }}', '0;0,002'],
    ["{{ '12345' | number }}", '12345'],
    ['{{ event.sums | number }}', '1,5, x'],
    ['[{{ event.none | number }}]', '[]'],
    ["{{ 'x' | plural: one: 'файл', many: 'файлов' }}", 'файлов'],
    ["{{ 2 | plural: one: 'a', few: 'b', many: 'c' }}", 'b'],
    ["{{ 1.5 | plural: one: 'a', few: 'b', other: 'd' }}", 'd'],
    ["{{ 5 | plural: 7, one: 'a', other: 'd' }}", 'd'],
    ["{{ 5 | plural: 'x', one: 'a', other: 'd' }}", 'd'],
    ['{{ event.day | date_format }}', '01.07.2026'],
    ["{{ event.day | date_format: 'dd.MM HH:mm' }}", '01.07 00:00'],
    ["{{ '2026-07-01T22:00:00Z' | date_format: 'dd.MM HH:mm' }}", '02.07 01:00'],
    ["[{{ event.none | date_format: 'dd' }}{{ 'x' | date_format }}]", '[]'],
    ['{{ 0 | date_short }}', '01.01.1970, 03:00 (Москва)'],
    ["{{ 0 | date_long: 'UTC' }}", '1 января 1970 г. в 00:00 (UTC)'],
    ['{{ 0 | due }}', 'сегодня в 03:00 — 1 января 1970 г. в 03:00 (Москва)'],
    ['{{ 86400000 | due_short }}', 'завтра в 03:00'],
    ["{{ 86400000 | due_short: 'UTC' }}", 'завтра в 00:00'],
    ['[{{ event.none | due }}{{ event.none | due_short }}]', '[]'],
    ["[{{ 'a/b@1' | record_link }}]", '[]'],
  ])('%s writes %s', (source, text) => {
    const data = { day: '2026-07-01', sums: [1.5, 'x'], none: null }
    expect(written(source, data, { people })).toBe(text)
  })

  it('without a fitting form, or field of a date, fails also where there is no value', () => {
    expect(() => written("{{ 5 | plural: one: 'файл' }}", {})).toThrow(
      'plural has no form for "many"',
    )
    expect(() => written("{{ event.none | date_format: 'qqq' }}", { none: null })).toThrow(
      'date_format has no field "qqq"',
    )
  })

  it('leads to any record of the event, in its workspace', () => {
    const data = { ref: { id: 'a/b@2' }, none: null, workspace: 'w1' }
    const source = '{{ event.ref | record_link }};{{ event.none | record_link }}'
    expect(written(source, data, { settings: { webUrl } })).toBe(
      `${webUrl}/v2/dashboard?recordRef=a/b@2&ws=w1;`,
    )
    const settings = { webUrl, recordUrl: '{webUrl}/r/{recordRef}' }
    expect(written("{{ 'a@1' | record_link }}", {}, { settings })).toBe(`${webUrl}/r/a@1`)
    expect(() => written('{{ records.settings.webUrl }}', {}, { settings })).toThrow(
      'undefined variable: records.settings',
    )
  })
})

describe('the link of a message', () => {
  const link = (data: object, more: Case = {}) =>
    linkOf(sourceOf(data, { locale: 'en', settings: { webUrl }, ...more }))

  it('leads to the record, in its workspace, by the pattern of the tenant', () => {
    const data = { docId: 'a/b@1', workspace: 'w1' }
    expect(link(data)).toEqual({
      url: `${webUrl}/v2/dashboard?recordRef=a/b@1&ws=w1`,
      ...{ label: 'Open task', home: webUrl },
    })
    const recordUrl = '{webUrl}/r/{recordRef}'
    expect(link(data, { settings: { webUrl, recordUrl } })?.url).toBe(`${webUrl}/r/a/b@1`)
    expect(link(data, { type: 'record-changed' })?.label).toBe('Open document')
  })

  it('leads home where there is no record, and nowhere without a web client', () => {
    const home = { url: webUrl, label: 'Open ECOS', home: webUrl }
    expect(link({})).toEqual(home)
    expect(link({ docId: 'a/b@1' }, { type: 'record-deleted' })).toEqual(home)
    expect(link({ docId: 'a/b@1' }, { settings: {} })).toBeUndefined()
  })
})

describe('the parts of a mail', () => {
  const mail = (data: object, settings: MessageSettings = {}) =>
    partsFor('email', sourceOf(data, { settings, locale: 'en' })).mail
  const why = 'You received this message because you can take this task.'

  it('are of the tenant, as far as it has set them', () => {
    const [mailFrom, replyTo] = [
      { name: 'Акме', address: 'ecos@acme.example' },
      { name: 'Служба', address: 'help@acme.example' },
    ]
    expect(mail({})).toStrictEqual({ why })
    expect(mail({}, { name: 'ООО' })).toStrictEqual({ why, from: { name: 'ООО' } })
    expect(mail({}, { name: 'ООО', mailFrom, replyTo })).toStrictEqual({
      ...{ why, from: mailFrom, replyTo },
    })
  })

  it('make a thread of a task, or else of a record', () => {
    expect(mail({ taskInstanceId: 't1', docId: 'a@1' })?.thread).toBe('t1')
    expect(mail({ docId: 'a@1' })?.thread).toBe('a@1')
  })

  it('are of mails and webhooks alone, each its own', () => {
    const parts = (channel: 'email' | 'webhook' | 'sms' | 'push') =>
      Object.keys(partsFor(channel, sourceOf({})))
    expect([parts('email'), parts('webhook'), parts('sms'), parts('push')]).toEqual([
      ...[['mail'], ['details'], [], []],
    ])
  })
})

describe('the fields of a webhook', () => {
  const details = (data: object, more: Case = {}) =>
    partsFor('webhook', sourceOf(data, more)).details
  const nobody = { initiator: null, assignee: null, author: null }

  it('are null for what the event does not say', () => {
    expect(details({}, { type: 'record-changed' })).toEqual({
      ...{ happenedAt: null, task: null, document: null, people: nobody, due: null },
      links: { record: null, web: null },
    })
    const { task } = details({ taskTitle: 7, taskComment: null }) ?? {}
    expect(task).toEqual({
      ...{ id: null, title: null, type: null, role: null, process: null },
      ...{ outcome: null, comment: null },
    })
  })

  it('are those of the task, the document, the people and the moments', () => {
    const data = {
      ...{ time: '2026-01-01T00:00:00Z', createdDate: 0, dueDate: 86_400_000, docId: 'a/b@1' },
      ...{ taskInstanceId: 't1', taskTitle: 'a', taskType: 'b', taskRole: 'c' },
      ...{ workflowDescription: 'd', taskOutcome: 'e', taskComment: 'f' },
      ...{ initiator: 'Ivanov', assignee: 'petrov', author: 'sidorov', user: 'smith' },
      attributes: { title: { ru: 'Устав', en: 'Charter' } },
    }
    const more = { settings: { webUrl }, locale: 'en', people: { ivanov: 'Иванов' } }
    expect(details(data, more)).toEqual({
      happenedAt: '2026-01-01T00:00:00.000Z',
      task: {
        ...{ id: 't1', title: 'a', type: 'b', role: 'c', process: 'd', outcome: 'e', comment: 'f' },
      },
      document: { ref: 'a/b@1', title: 'Charter' },
      people: {
        initiator: { username: 'ivanov', name: 'Иванов' },
        assignee: { username: 'petrov', name: null },
        author: { username: 'sidorov', name: null },
      },
      due: '1970-01-02T00:00:00.000Z',
      links: { record: `${webUrl}/v2/dashboard?recordRef=a/b@1`, web: webUrl },
    })
  })

  it('have the user for an author, and when it was created for when it happened', () => {
    const { people, happenedAt } = details({ user: 'smith', createdDate: 1 }) ?? {}
    expect(people?.author).toEqual({ username: 'smith', name: null })
    expect(happenedAt).toBe('1970-01-01T00:00:00.001Z')
  })

  it('have no moment that is none, and no link to what has no page', () => {
    const of = (data: object) => details(data, { settings: { webUrl } })
    expect(of({ time: 'soon', dueDate: Number.NaN })).toMatchObject({ happenedAt: null, due: null })
    expect(of({})?.links).toEqual({ record: null, web: webUrl })
    expect(of({ docId: 'a@1' })?.document).toEqual({ ref: 'a@1', title: null })
  })
})
