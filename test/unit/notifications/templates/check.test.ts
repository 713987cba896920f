import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { bundleTemplates } from '../../../../build/templates.ts'
import { checkTemplates, refuseFaults } from '../../../../lib/notifications/templates/check.ts'
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

describe('the check of a few files', () => {
  /** Without the built-in templates, which are in order. */
  const few = (files: Record<string, string>, tenants = ['acme', 'globex', 'acme corp']) =>
    checkTemplates(files, tenants).map(faultLine)

  it('tells each fault once, however many tenants have it', () => {
    const files = {
      '_all/vip/any.ru.liquid': '{{ event.nowhere }}',
      ...{ 'acme/parts/a.liquid': '', 'globex/parts/a.liquid': '' },
    }
    expect(few(files)).toEqual(['_all/vip/any.ru.liquid:1:4: undefined variable: event.nowhere'])
  })

  it('tries the templates for all with the parts of each tenant', () => {
    const files = {
      '_all/vip/any.ru.liquid': "T\n{% include 'sign' %}",
      ...{ '_all/parts/sign.liquid': 'x', 'globex/parts/sign.liquid': '{{ x }}' },
    }
    expect(few(files)).toEqual(['globex/parts/sign.liquid:1:4: undefined variable: x'])
  })

  it('tries a template with all that an event has, and with the least', () => {
    const files = (source: string) => ({ 'acme/task.complete/any.ru.liquid': source })
    expect(few(files('{{ event.taskOutcome }}{{ event.taskComment | size }}'))).toEqual([])
    // Only an event with a comment shows it: the other one has none to convert.
    expect(few(files('{% if event.taskComment %}{{ 5 | plural }}{% endif %}'))).toEqual([
      'acme/task.complete/any.ru.liquid:1:27: plural has no form for "many"',
    ])
    expect(few(files('{% unless event.taskComment %}{{ 5 | plural }}{% endunless %}'))).toEqual([
      'acme/task.complete/any.ru.liquid:1:31: plural has no form for "many"',
    ])
  })

  it('tries that of a reminder with each that there is', () => {
    const files = (source: string) => ({ '_all/task.reminder/any.ru.liquid': source })
    expect(few(files('{{ event.reminder.when }}{{ event.reminder.to }}'))).toEqual([])
    expect(few(files("{% if event.reminder.to == 'initiator' %}{{ event.x }}{% endif %}"))).toEqual(
      ['_all/task.reminder/any.ru.liquid:1:45: undefined variable: event.x'],
    )
  })

  it('asks of a named template only that it suits the type that it suits best', () => {
    const source = '{{ event.taskTitle }}{{ event.nowhere }}{{ event.attrChanges }}'
    expect(few({ '_all/vip/any.ru.liquid': source })).toHaveLength(2)
  })

  it('finds what can not be parsed in a part, a page or HTML, though nothing uses it', () => {
    const files = {
      ...{ '_all/parts/a.liquid': '{% if %}', '_all/layout.html.liquid': '\n{% nothing %}' },
      ...{ '_all/vip/any.ru.liquid': 'T', '_all/vip/any.ru.html.liquid': '{{ a' },
    }
    expect(few(files).map((line) => line.split(': ')[0])).toEqual([
      '_all/parts/a.liquid:1:6',
      '_all/layout.html.liquid:2:1',
      '_all/vip/any.ru.html.liquid:1:1',
    ])
  })

  it('knows the folders of tenants, of all, and ours, by their ids', () => {
    const files = {
      ...{ 'acme/x/any.ru.liquid': 'T', '_acme_20corp/x/any.ru.liquid': 'T' },
      ...{ '_all/x/any.ru.liquid': 'T', '_built-in/x/any.ru.liquid': 'T' },
      ...{ '_other_20corp/x/any.ru.liquid': 'T', '_x/x/any.ru.liquid': 'T' },
    }
    expect(few(files)).toEqual([
      '_other_20corp/x/any.ru.liquid:1:1: there is no tenant "other corp" in tenants.yml',
      '_x/x/any.ru.liquid:1:1: there is no tenant "_x" in tenants.yml',
    ])
    expect(few({ 'acme/x/any.ru.html.liquid': 'T' })).toEqual([
      'acme/x/any.ru.html.liquid:1:1: has no acme/x/any.ru.liquid beside it for title and text',
    ])
  })

  it('does not take the folder of one tenant for that of another whose name goes on', () => {
    expect(few({ 'acmex/x/any.ru.liquid': '{{ x }}' }, ['acme', 'acmex'])).toEqual([
      'acmex/x/any.ru.liquid:1:4: undefined variable: x',
    ])
  })
})

describe('faults in templates', () => {
  const fault = { file: 'acme/x/any.ru.liquid', line: 2, column: 4, problem: 'undefined' }

  it('refuse a deployment, each with its file in the folder', () => {
    const refused = () => refuseFaults([fault, { ...fault, line: 3 }], 'my/templates')
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'invalid-templates',
        message:
          'my/templates/acme/x/any.ru.liquid:2:4: undefined\nmy/templates/acme/x/any.ru.liquid:3:4: undefined',
      }),
    )
    expect(() => refuseFaults([], 'my/templates')).not.toThrow()
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
