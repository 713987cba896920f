import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { bundleTemplates } from '../../../../build/templates.ts'
import { checkTemplates } from '../../../../lib/notifications/templates/check.ts'
import { faultLine } from '../../../../lib/notifications/templates/faults.ts'
import { readBuiltIn } from '../../../../lib/notifications/templates/files.ts'

const builtIn = readBuiltIn()
const check = (files: Record<string, string>) =>
  checkTemplates({ ...files, ...builtIn }, ['acme', 'globex']).map(faultLine)

describe('the check of templates', () => {
  it('finds nothing wrong with the built-in ones', () => {
    expect(check({})).toEqual([])
  })

  it('knows what a template may use', () => {
    const html = '{{ title }}{% for fact in facts %}{{ fact.label }}{% endfor %}'
    expect(
      check({
        'acme/task.create/any.ru.liquid': `{{ event.taskTitle }}
{% for user in event.taskPooledUsers %}{{ forloop.index }} {{ user }}{% endfor %}
{% assign due = event.dueDate | date_long %}{{ due }}{{ customData.boss }}
{% if event.extra %}{{ event.extra }}{% endif %}{% include 'task.ru' %}{{ tenant }}`,
        'acme/task.create/any.ru.html.liquid': html,
        '_all/urgent/sms.en-GB.liquid': 'Urgent: {{ event.attributes.title | name }}',
        '_all/layout.html.liquid': html,
      }),
    ).toEqual([])
  })

  it.each([
    ['{{ event.taskTitel }}', '1:4: undefined variable: event.taskTitel'],
    ['T\n\n  {{ evnt.id }}', '3:6: undefined variable: evnt'],
    ['T\n{% if false %}{{ evnt.id }}{% endif %}', '2:18: undefined variable: evnt'],
    ['T\n{{ event.id | upcas }}', '2:1: undefined filter: upcas'],
    ['T\n{% if event.id %}', '2:1: tag {% if event.id %} not closed'],
    ["T\n{% fact 'x' %}{{ x }}{% endfact %}", '2:18: undefined variable: x'],
    ['T\n\n{{ event.id ', '3:1: output "{{ event.id " not closed'],
    ['T\n{% nothing %}', '2:1: tag "nothing" not found'],
    [
      "T\n{{ event.taskComment | split: ',' | first | plural }}",
      '2:1: plural has no form for "many"',
    ],
  ])('tells the line and column of %j', (source, fault) => {
    expect(check({ 'acme/task.create/any.ru.liquid': source })).toEqual([
      `acme/task.create/any.ru.liquid:${fault}`,
    ])
  })

  it('tells what is wrong with a part or a page where it stands', () => {
    expect(check({ 'globex/parts/task.ru.liquid': '\n{{ x }}' })).toEqual([
      'globex/parts/task.ru.liquid:2:4: undefined variable: x',
    ])
    expect(check({ '_all/layout.html.liquid': '<p>{{ txt }}</p>' })).toEqual([
      '_all/layout.html.liquid:1:7: undefined variable: txt',
    ])
    expect(check({ '_all/parts/unused.liquid': '{% if %}' })).toHaveLength(1)
  })

  it('lets a named template suit one event type at least', () => {
    expect(check({ '_all/vip/any.ru.liquid': '{{ event.attributes.diff | size }}' })).toEqual([])
    expect(check({ '_all/vip/any.ru.liquid': '{{ event.nowhere }}' })).toEqual([
      '_all/vip/any.ru.liquid:1:4: undefined variable: event.nowhere',
    ])
  })

  it('refuses what stands in a wrong place', () => {
    expect(
      check({
        'acme/task.create/fax.ru.liquid': '',
        'acme/task.create/any.russian-.liquid': '',
        'acme/task.create/any.ru.liqud': '',
        'acme/task.create/push.ru.html.liquid': '',
        'initech/task.create/any.ru.liquid': '',
      }).map((fault) => fault.slice(0, 70)),
    ).toEqual([
      'acme/task.create/fax.ru.liquid:1:1: "fax" is not a channel: use any, e',
      'acme/task.create/any.russian-.liquid:1:1: "russian-" is not a language',
      'acme/task.create/any.ru.liqud:1:1: matches none of <tenant or _all>/<e',
      'acme/task.create/push.ru.html.liquid:1:1: has no acme/task.create/push',
      'initech/task.create/any.ru.liquid:1:1: there is no tenant "initech" in',
    ])
  })
})

describe('a deployment', () => {
  it('is refused with the file as the operator knows it', async () => {
    const templatesDir = await mkdtemp(join(tmpdir(), 'ecos-templates-'))
    await writeFile(join(templatesDir, 'stray.txt'), '')
    const bundling = bundleTemplates({ cell: 'main', templatesDir, tenantsFile: 'tenants.yml' })
    await expect(bundling).rejects.toMatchObject({
      code: 'invalid-templates',
      message: expect.stringContaining(`${templatesDir}/stray.txt:1:1: matches none of`),
    })
    await rm(templatesDir, { recursive: true })
  })

  it('is refused where the folder is not there', async () => {
    const settings = { cell: 'main', templatesDir: 'no-such-folder', tenantsFile: 'tenants.yml' }
    await expect(bundleTemplates(settings)).rejects.toMatchObject({ code: 'templates-unreadable' })
  })
})
