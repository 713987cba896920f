import { describe, expect, it } from '@jest/globals'
import { eventTypes, sampleData } from '../../../../lib/events/catalogue.ts'
import { readBuiltIn } from '../../../../lib/notifications/templates/files.ts'
import { createRender, type RenderOptions } from '../../../../lib/notifications/templates/render.ts'
import type { MessageSettings } from '../../../../lib/tenants/messages.ts'

const webUrl = 'https://ecos.acme.example'
const people = { sidorov: 'Сидоров С. С.', ivanov: 'Иванов И. И.' }

function told(type: string, settings: MessageSettings, options: Partial<RenderOptions> = {}) {
  const data = sampleData(type as 'task.create')
  const reader = { tenant: 'acme', channel: 'email', customData: {}, people } as const
  const now = new Date('2026-01-01T09:00:00Z')
  return createRender(readBuiltIn(), () => settings)({ type }, data, { ...reader, now, ...options })
}

describe.each(['ru', 'en'])('in %s', (locale) => {
  it.each(eventTypes)('%s leads to its record, and shows nobody a reference or a login', (type) => {
    const { title, text, short = '', html, link } = told(type, { webUrl }, { locale })
    expect(link?.url.startsWith(webUrl)).toBe(true)
    for (const shown of [title, text, short]) {
      expect(shown).not.toMatch(/SpacesStore|emodel|sidorov|ivanov/)
    }
    expect(html).toContain(`href="${link?.url.replaceAll('&', '&amp;')}"`)
    expect(html.replaceAll(/href="[^"]*"/g, '')).not.toMatch(/SpacesStore|emodel/)
  })
})

it('without a web client there is no link, and a reference says which document it is', () => {
  const { link, text, html } = told('task.assign', {})
  expect(link).toBeUndefined()
  expect(text).toContain('Документ: alfresco@workspace://SpacesStore/')
  expect(html).not.toMatch(/src=|href=|url\(|@import/)
})

it.each(['constructor', '__proto__', 'toString'])('%s is a person like others', (initiator) => {
  const data = { ...sampleData('task.assign'), initiator, assignee: 'ivanov' }
  const render = createRender(readBuiltIn(), () => ({ webUrl }))
  const options = { tenant: 'acme', channel: 'webhook', customData: {}, people } as const
  expect(render({ type: 'task.assign' }, data, options).details?.people).toEqual({
    initiator: { username: initiator.toLowerCase(), name: null },
    assignee: { username: 'ivanov', name: people.ivanov },
    author: null,
  })
})

it('a record that is gone has no page: the link leads to the web client', () => {
  expect(told('record-deleted', { webUrl }).link).toEqual({
    url: webUrl,
    label: 'Открыть ECOS',
    home: webUrl,
  })
})

it('a webhook names no page of a record that is gone', () => {
  const { details } = told('record-deleted', { webUrl }, { channel: 'webhook' })
  expect(details?.links).toEqual({ record: null, web: webUrl })
})

it("dates are on the tenant's clock, or else on Moscow's", () => {
  const due = (settings: MessageSettings, more = {}) =>
    told('task.assign', settings, more).text.match(/Срок: (.*)\n/)?.[1]
  expect(due({})).toBe('завтра в 18:00 — 2 января 2026 г. в 18:00 (Москва)')
  expect(due({ timeZone: 'Asia/Yekaterinburg' })).toContain('завтра в 20:00')
  expect(due({ timeZone: 'Asia/Yekaterinburg' }, { timeZone: 'UTC' })).toContain('завтра в 15:00')
})

it('a new task has no outcome, and its short line is when it is due', () => {
  const { text, short } = told('task.create', {})
  expect(text).not.toMatch(/Результат|Комментарий/)
  expect(short).toBe('Срок: завтра в 18:00')
})

it('a template that was written for the channel is sent as it is', () => {
  const files = { ...readBuiltIn(), 'acme/task.assign/sms.ru.liquid': 'Задача\n\n{{ link }}' }
  const options = { tenant: 'acme', channel: 'sms', customData: {} } as const
  const render = createRender(files, () => ({ webUrl }))
  const content = render({ type: 'task.assign' }, sampleData('task.assign'), options)
  expect(content.short).toBeUndefined()
  expect(content.text).toContain(`${webUrl}/v2/dashboard?recordRef=alfresco@workspace://`)
})

it('a webhook gets fields for programs', () => {
  const { details, mail } = told('task.assign', { webUrl }, { channel: 'webhook' })
  expect(mail).toBeUndefined()
  expect(details).toMatchObject({
    happenedAt: '2026-01-01T00:00:00.000Z',
    task: { id: 'activiti$1008', title: 'Согласование договора №8', outcome: null },
    document: { ref: expect.stringMatching(/^alfresco@workspace:/), title: null },
    people: {
      initiator: { username: 'sidorov', name: 'Сидоров С. С.' },
      assignee: { username: 'ivanov', name: 'Иванов И. И.' },
      author: null,
    },
    due: '2026-01-02T15:00:00.000Z',
    links: { record: expect.stringContaining('recordRef=alfresco@'), web: webUrl },
  })
})

it("a mail is of the tenant's sender, and of its task's thread", () => {
  const mailFrom = { name: 'Акме', address: 'ecos@acme.example' }
  expect(told('task.assign', { mailFrom, name: 'ООО «Акме»' }).mail).toEqual({
    from: mailFrom,
    why: 'Вы получили это сообщение, потому что задача назначена вам.',
    thread: 'activiti$1008',
  })
  expect(told('comment.added', { name: 'ООО «Акме»' }).mail).toMatchObject({
    from: { name: 'ООО «Акме»' },
    thread: expect.stringMatching(/^alfresco@/),
  })
})
