import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { eventTypes, sampleData } from '../../../../lib/events/catalogue.ts'
import { taskEvent } from '../../../../lib/events/schemas.ts'
import { encodeQueued } from '../../../../lib/notifications/notification.ts'
import { readBuiltIn } from '../../../../lib/notifications/templates/files.ts'
import { createRender, type RenderOptions } from '../../../../lib/notifications/templates/render.ts'

const task = (fields: object = {}) => taskEvent.parse({ type: 'task.create', ...fields })
const renderBuiltIn = createRender(readBuiltIn())

function told(type: string, data: object, options: Partial<RenderOptions> = {}) {
  return renderBuiltIn({ type }, data, {
    tenant: 'acme',
    channel: 'email',
    customData: {},
    ...options,
  })
}
const en = { locale: 'en' }
const now = new Date('2025-12-31T09:00:00Z')

describe('the title', () => {
  it.each([
    ['task.create', 'Новая задача: Счёт №1', 'New task: Счёт №1'],
    ['task.assign', 'Новая задача: Счёт №1', 'New task: Счёт №1'],
    ['task.complete', 'Завершена задача: Счёт №1', 'Task completed: Счёт №1'],
    ['task.delete', 'Удалена задача: Счёт №1', 'Task deleted: Счёт №1'],
  ])('of %s is the one that people know', (type, ru, english) => {
    const data = task({ taskTitle: 'Счёт №1' })
    expect(told(type, data).title).toBe(ru)
    expect(told(type, data, en).title).toBe(english)
  })

  it('is one line, whatever the task is called', () => {
    const data = task({ taskTitle: 'a\r\nBcc: x@y\u2028\u0000\tb' })
    expect(told('task.create', data, en).title).toBe('New task: a Bcc: x@y b')
  })

  it.each([
    [{ taskTitle: ' ', workflowDescription: 'Договор' }, 'Новая задача: Договор'],
    [{ taskTitle: null }, 'Новая задача: без названия'],
  ])('says something where the task has none', (fields, title) => {
    expect(told('task.create', task(fields)).title).toBe(title)
  })

  it('is not a template itself', () => {
    const data = task({ taskTitle: '{{ event.assignee }}{% include "x" %}' })
    expect(told('task.create', data, en).title).toBe(
      'New task: {{ event.assignee }}{% include "x" %}',
    )
  })
})

describe('the body', () => {
  const data = task({
    taskTitle: 'Согласование <b>&amp;',
    workflowDescription: 'Договор',
    dueDate: 1767225600000,
    initiator: 'Sidorov',
    taskOutcome: 'Confirmed',
    taskComment: 'Раз\r\nдва',
    document: 'workspace://SpacesStore/1',
  })

  it('says in text what the event knows, in Russian', () => {
    expect(told('task.complete', data, { now }).text).toBe(
      `Задача завершена.

Срок: завтра в 03:00 — 1 января 2026 г. в 03:00 (Москва)
Процесс: Договор
Документ: workspace://SpacesStore/1
Инициатор: Sidorov
Результат: Confirmed
Комментарий: Раз
два
`,
    )
  })

  it('says the same in English', () => {
    const { text } = told('task.complete', data, { ...en, now })
    expect(text).toContain('Due: tomorrow at 03:00 — January 1, 2026 at 03:00 (Moscow Time)\n')
    expect(text).toContain('Initiator: Sidorov\nOutcome: Confirmed\n')
  })

  it('writes dates in the time zone of its reader', () => {
    const { text } = told('task.complete', data, { timeZone: 'Asia/Kamchatka', now })
    expect(text).toContain(
      'Срок: завтра в 12:00 — 1 января 2026 г. в 12:00 (Петропавловск-Камчатский)\n',
    )
  })

  it('escapes in HTML, once, and says its language', () => {
    const { html } = told('task.complete', data)
    expect(html).toContain('<html lang="ru">')
    expect(html).toContain('Согласование &lt;b&gt;&amp;amp;')
    expect(html).toContain('>Срок</td>')
    expect(html).not.toContain('<b>')
  })

  it('loads nothing from outside', () => {
    expect(told('task.complete', data).html).not.toMatch(/src=|href=|url\(|@import/)
  })

  it('leaves out what is not known, a system initiator, and a date that is none', () => {
    const bare = task({ taskTitle: 'x', initiator: 'system', dueDate: 1e20 })
    expect(told('task.assign', bare, en).text).toBe('A task was assigned to you.\n')
  })

  it('names what changed, and not more than twenty of it', () => {
    const change = (n: number) => ({ name: `a${n}`, values: [{ str: `s${n}`, disp: null }] })
    const attrChanges = [
      { name: 'caseStatus', values: [] },
      ...Array.from({ length: 50 }, (_, n) => change(n)),
    ]
    const { title, text } = told('record.update', {
      ...sampleData('record.update'),
      docId: 'd',
      attrChanges,
    })
    expect(title).toBe('Статус документа: (пусто)')
    expect(text).toMatch(
      /^Документ изменился.\n\nСтатус: \(пусто\)\na0: s0\n(a\d+: s\d+\n){18}Ещё: 31 изменение\nДокумент: d\n$/,
    )
  })

  it('is made for every task event of the fixtures', () => {
    const lines = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8').trim().split('\n')
    const data = lines.map((line) => JSON.parse(JSON.parse(line).body).data)
    const tasks = data.filter(({ type }) => type.startsWith('task.'))
    expect(tasks.length).toBeGreaterThan(0)
    for (const fields of tasks) {
      const { title, text } = told('task.create', taskEvent.parse(fields))
      expect(title).toBe(`Новая задача: ${fields.taskTitle}`)
      expect(text).toContain(`Процесс: ${fields.workflowDescription}`)
    }
  })
})

const wild = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.constantFrom('"', '<', '\u0001', '\ud800', '😀', 'я', '{{', '\n').map((c) => c.repeat(5000)),
  ),
)

const large = 'x'.repeat(16 * 1024 * 1024)

/** The same event with these texts in place of its own, and fifty of each element of a list. */
function with50(value: unknown, texts: () => string | null): unknown {
  if (typeof value === 'string') return texts()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return Array.from({ length: 50 }, () => value).flatMap((list) =>
      list.map((one) => with50(one, texts)),
    )
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, with50(one, texts)]))
}

describe('whatever the event says', () => {
  it.each(eventTypes)('is told, though it is as large as a message of the broker: %s', (type) => {
    // The largest that RabbitMQ takes by default: 16 MiB.
    const data = with50(sampleData(type), () => large) as object
    expect(told(type, data).text.length).toBeLessThanOrEqual(20_000)
  })

  it('stays within the bounds, and fits a message of SQS', () => {
    const type = fc.constantFrom(...eventTypes)
    const texts = fc.array(wild, { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(texts, type, fc.constantFrom('ru', 'en'), (texts, type, locale) => {
        let next = 0
        const data = with50(sampleData(type), () => texts[next++ % texts.length] ?? null) as object
        const content = told(type, data, { locale })
        expect(content.title.length).toBeLessThanOrEqual(200)
        expect(content.title).toMatch(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u)
        expect(content.text.length).toBeLessThanOrEqual(20_000)
        expect(content.html.length).toBeLessThanOrEqual(100_000)
        expect(content.text.isWellFormed() && content.html.isWellFormed()).toBe(true)
        const body = encodeQueued({
          ...content,
          queuedAt: '2026-11-25T10:00:00.000Z',
          resend: 0,
          notificationId: 'a'.repeat(64),
          tenant: 'a'.repeat(64),
          eventType: 'task.complete',
          eventId: 'я'.repeat(256),
          channel: 'email',
          address: 'я'.repeat(2048),
          customData: {},
        })
        expect(Buffer.byteLength(body)).toBeLessThan(1_048_576)
      }),
    )
  })
})
