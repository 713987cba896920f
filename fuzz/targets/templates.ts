import assert from 'node:assert/strict'
import fc from 'fast-check'
import { taskEvent } from '../../lib/events/schemas.ts'
import { readBuiltIn } from '../../lib/notifications/templates/files.ts'
import { createRender } from '../../lib/notifications/templates/render.ts'
import { target } from '../target.ts'

const render = createRender(readBuiltIn())

const hostile = fc.constantFrom(
  '{{ event.docId }}',
  '{% include "x" %}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '&lt;b&gt;',
  'a\r\nBcc: x@example.org',
  '\u202e\u0000\u2028',
  '](javascript:alert(1))',
  'x'.repeat(30_000),
)
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), hostile, fc.constant(null))
const task = fc.record({
  type: fc.constantFrom('task.create' as const, 'task.assign' as const, 'task.complete' as const),
  channel: fc.constantFrom(
    'email' as const,
    'telegram' as const,
    'sms' as const,
    'webhook' as const,
  ),
  locale: fc.constantFrom('ru', 'en', 'de', 'xx-bad-'),
  fields: fc.record({
    taskTitle: text,
    docId: text,
    assignee: text,
    comment: text,
    taskType: text,
  }),
})

/** What an event says is text: it neither runs as a template, nor is HTML, nor breaks a line of the title. */
export const templates = target('templates', task, ({ type, channel, locale, fields }) => {
  const data = taskEvent.parse({ type, ...fields })
  const content = render({ type }, data, { tenant: 'acme', channel, locale, customData: {} })
  assert.ok(content.title.length <= 200 && content.text.length <= 20_000)
  assert.doesNotMatch(content.title, /[\p{Cc}\u2028\u2029]/u)
  assert.ok(content.html.length <= 100_000)
  const tags = [...content.html.matchAll(/<(\/?[a-z0-9]+)/gi)].map(([, name]) =>
    name?.toLowerCase(),
  )
  assert.ok(!tags.includes('script') && !tags.includes('img'), 'HTML of the event')
  assert.ok(
    !/\sonerror=[^&]*>/.test(content.html.replace(/&[a-z#0-9]+;[^<]*/g, '')),
    'an attribute of the event',
  )
  assert.deepEqual(
    render({ type }, data, { tenant: 'acme', channel, locale, customData: {} }),
    content,
  )
})
