import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { taskEvent } from '../../../../lib/events/schemas.ts'
import { encodeQueued } from '../../../../lib/notifications/notification.ts'
import { renderText } from '../../../../lib/notifications/templates/engine.ts'
import { locales, resolveLocale } from '../../../../lib/notifications/templates/locale.ts'
import { render } from '../../../../lib/notifications/templates/render.ts'
import { taskAssign } from '../../../../lib/notifications/templates/task-assign.ts'
import { taskComplete } from '../../../../lib/notifications/templates/task-complete.ts'
import { taskCreate } from '../../../../lib/notifications/templates/task-create.ts'
import { taskDelete } from '../../../../lib/notifications/templates/task-delete.ts'

const templates = [taskCreate, taskAssign, taskComplete, taskDelete]
const task = (fields: object = {}) => taskEvent.parse({ type: 'task.create', ...fields })

describe('the title', () => {
  it.each([
    [taskCreate, 'Новая задача: Счёт №1', 'New task: Счёт №1'],
    [taskAssign, 'Новая задача: Счёт №1', 'New task: Счёт №1'],
    [taskComplete, 'Завершена задача: Счёт №1', 'Task completed: Счёт №1'],
    [taskDelete, 'Удалена задача: Счёт №1', 'Task deleted: Счёт №1'],
  ])('is the one that people know', (template, ru, en) => {
    const data = task({ taskTitle: 'Счёт №1' })
    expect(render(template, data, 'ru').title).toBe(ru)
    expect(render(template, data, 'en').title).toBe(en)
  })

  it('is one line, whatever the task is called', () => {
    const data = task({ taskTitle: 'a\r\nBcc: x@y\u2028\u0000\tb' })
    expect(render(taskCreate, data, 'en').title).toBe('New task: a Bcc: x@y b')
  })

  it.each([
    [{ taskTitle: ' ', workflowDescription: 'Договор' }, 'Новая задача: Договор'],
    [{ taskTitle: null }, 'Новая задача: без названия'],
  ])('says something where the task has none', (fields, title) => {
    expect(render(taskCreate, task(fields), 'ru').title).toBe(title)
  })

  it('is not a template itself', () => {
    const data = task({ taskTitle: '{{ event.assignee }}{% include "x" %}' })
    expect(render(taskCreate, data, 'en').title).toBe(
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
    expect(render(taskComplete, data, 'ru').text).toBe(
      `Задача завершена.

Задача: Согласование <b>&amp;
Процесс: Договор
Срок: 1 января 2026 г. в 00:00 UTC
Инициатор: Sidorov
Результат: Confirmed
Комментарий: Раз
два
Документ: workspace://SpacesStore/1
`,
    )
  })

  it('says the same in English', () => {
    const { text } = render(taskComplete, data, 'en')
    expect(text).toContain('Due: January 1, 2026 at 00:00 UTC\n')
    expect(text).toContain('Initiator: Sidorov\nOutcome: Confirmed\n')
  })

  it('escapes in HTML, once, and says its language', () => {
    const { html } = render(taskComplete, data, 'ru')
    expect(html).toContain('<html lang="ru">')
    expect(html).toContain('Согласование &lt;b&gt;&amp;amp;')
    expect(html).not.toContain('<b>')
  })

  it('loads nothing from outside', () => {
    expect(render(taskComplete, data, 'ru').html).not.toMatch(/src=|href=|url\(|@import/)
  })

  it('leaves out what is not known, a system initiator, and a date that is none', () => {
    const bare = task({ taskTitle: 'x', initiator: 'system', dueDate: 1e20 })
    expect(render(taskAssign, bare, 'en').text).toBe('A task was assigned to you.\n\nTask: x\n')
  })

  it('is made for every task event of the fixtures', () => {
    const lines = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8').trim().split('\n')
    const data = lines.map((line) => JSON.parse(JSON.parse(line).body).data)
    const tasks = data.filter(({ type }) => type.startsWith('task.'))
    expect(tasks.length).toBeGreaterThan(0)
    for (const fields of tasks) {
      const { title, text } = render(taskCreate, taskEvent.parse(fields), 'ru')
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

describe('whatever the event says', () => {
  it('stays within the bounds, and fits a message of SQS', () => {
    const anyTask = fc.record({
      taskTitle: wild,
      workflowDescription: wild,
      initiator: wild,
      taskOutcome: wild,
      taskComment: wild,
      document: wild,
      dueDate: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    })
    const template = fc.constantFrom(...templates)
    fc.assert(
      fc.property(anyTask, template, fc.constantFrom(...locales), (fields, template, locale) => {
        const content = render(template, task(fields), locale)
        expect(content.title.length).toBeLessThanOrEqual(200)
        expect(content.title).toMatch(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u)
        expect(content.text.length).toBeLessThanOrEqual(20_000)
        expect(content.html.length).toBeLessThanOrEqual(100_000)
        expect(content.text.isWellFormed() && content.html.isWellFormed()).toBe(true)
        const body = encodeQueued({
          ...content,
          customData: {},
          notificationId: 'a'.repeat(64),
          tenant: 'a'.repeat(64),
          eventType: 'task.complete',
          eventId: 'я'.repeat(256),
          channel: 'email',
          address: 'я'.repeat(2048),
        })
        expect(Buffer.byteLength(body)).toBeLessThan(1_048_576)
      }),
    )
  })
})

describe('a template', () => {
  it('may only name what there is', () => {
    expect(() => renderText('{{ nothing }}', {})).toThrow('undefined variable')
    expect(() => renderText('{{ 1 | nothing }}', {})).toThrow('undefined filter')
    expect(() => renderText('{{ constructor }}', {})).toThrow('undefined variable')
  })

  it('reads no file', () => {
    expect(() => renderText('{% render "package.json" %}', {})).toThrow('ENOENT')
  })

  it('is bounded in time and memory', () => {
    const endless = '{% for i in (1..1000000000) %}{{ i }}{% endfor %}'
    expect(() => renderText(endless, {})).toThrow('limit exceeded')
  })

  it('whose HTML is too large is refused by name', () => {
    const template = { ...taskCreate, lead: { ru: 'x'.repeat(60_000), en: '' } }
    expect(() => render(template, task(), 'ru')).not.toThrow()
    const larger = { ...taskCreate, lead: { ru: '<'.repeat(60_000), en: '' } }
    expect(() => render(larger, task(), 'ru')).toThrow(
      expect.objectContaining({ code: 'notification-too-large' }),
    )
  })
})

describe('the language', () => {
  it.each([
    [['en', 'ru'], 'en'],
    [[undefined, 'en-GB'], 'en'],
    [['de', 'en'], 'en'],
    [['not a tag', undefined], 'ru'],
    [[], 'ru'],
  ] as const)('of %j is %s', (tags, locale) => {
    expect(resolveLocale(...tags)).toBe(locale)
  })
})
