import { describe, expect, it, jest } from '@jest/globals'
import { taskEvent } from '../../../../lib/events/schemas.ts'
import { readBuiltIn } from '../../../../lib/notifications/templates/files.ts'
import { createRender, type RenderOptions } from '../../../../lib/notifications/templates/render.ts'

const event = taskEvent.parse({
  type: 'task.create',
  taskTitle: '<Счёт>',
  count: 5,
  names: [{ ru: 'Устав', en: 'Charter' }, 'petrov', { disp: 'На согласовании' }],
  due: '2026-03-29T21:30:00Z',
})

/** What a template `own` of the tenant acme makes of the event. */
function own(source: string, more: Record<string, string> = {}, options = {}, data?: object) {
  const files = { ...readBuiltIn(), 'acme/own/any.ru.liquid': source, ...more }
  return told(files, { template: 'own', ...options }, data)
}

function told(
  files: Record<string, string>,
  options: Partial<RenderOptions>,
  data: object = event,
) {
  const all = { tenant: 'acme', channel: 'email', customData: {}, ...options } as const
  return createRender(files)({ type: 'task.create' }, data, all)
}

const failed = (message: string) => expect.objectContaining({ code: 'template-failed', message })

describe("an operator's template", () => {
  it('has its title in the first line, and then its body', () => {
    const { title, text } = own(
      '{{ event.taskTitle }}!\n\nРаз\n{{ customData.sum }}',
      {},
      {
        customData: { sum: 7 },
      },
    )
    expect([title, text]).toEqual(['<Счёт>!', 'Раз\n7\n'])
  })

  it('makes the page from its text and facts, every value escaped once', () => {
    const { html, text } = own(
      "T\n\n{{ event.taskTitle }}\n{% fact 'Ф' %}{{ event.taskTitle }}{% endfact %}",
    )
    expect(text).toBe('<Счёт>\n\nФ: <Счёт>\n')
    expect(html.match(/&lt;Счёт&gt;/g)).toHaveLength(2)
  })

  it('gets the attributes of the record, and null for one that the event came without', () => {
    const data = { ...event, attributes: { 'case.title': 'Lease', n: 1 } }
    const source =
      '{{ event.attributes["case.title?disp"] }}\n\n{{ event.attributes["author.email"] }}.' +
      '{% if event.attributes.urgent %}!{% endif %}{% for pair in event.attributes %}{{ pair[0] }};{% endfor %}'
    expect(own(source, {}, {}, data)).toMatchObject({ title: 'Lease', text: '.case.title;n;\n' })
    expect(own('T\n\n{{ event.attributes["author.email"] }}.').text).toBe('.\n')
  })

  it('may have HTML of its own, or a page for all', () => {
    const html = {
      'acme/own/any.ru.html.liquid': '<b>{{ event.taskTitle }}</b>{{ title }}{{ text }}',
    }
    expect(own('T\n\nX', html).html).toBe('<b>&lt;Счёт&gt;</b>TX')
    const page = { '_all/layout.html.liquid': '<i>{{ text }}</i>', 'other/layout.html.liquid': '' }
    expect(own('T\n\n{{ event.taskTitle }}', page).html).toBe('<i>&lt;Счёт&gt;</i>')
  })

  it('includes its own parts before those of all tenants, and none of another tenant', () => {
    const parts = { '_all/parts/sign.liquid': 'all', 'other/parts/x.liquid': 'secret' }
    expect(own("T\n\n{% include 'sign' %}", parts).text).toBe('all\n')
    expect(
      own("T\n\n{% include 'sign' %}", { ...parts, 'acme/parts/sign.liquid': 'own' }).text,
    ).toBe('own\n')
    for (const path of ['../../other/parts/x', 'other/parts/x', '/etc/passwd', './x']) {
      expect(() => own(`T\n\n{% include '${path}' %}`, parts)).toThrow('Failed to lookup')
    }
  })

  it.each([
    ['T\n\n{{ event.nothing }}', 'acme/own/any.ru.liquid:3:4: undefined variable: event.nothing'],
    ['{{ event.nothing }}', 'acme/own/any.ru.liquid:1:4: undefined variable: event.nothing'],
    ['T\n\n\n  {{ 1 | nothing }}', 'acme/own/any.ru.liquid:4:3: undefined filter: nothing'],
    ['T\n{% fact 1 %}{{ a }}{% endfact %}', 'acme/own/any.ru.liquid:2:16: undefined variable: a'],
    ['T\n{% fact a %}x{% endfact %}', 'acme/own/any.ru.liquid:2:9: undefined variable: a'],
    ['T\n{% short %}', 'acme/own/any.ru.liquid:2:1: tag {% short %} not closed'],
    ['T\n{% fact 1 %}', 'acme/own/any.ru.liquid:2:1: tag {% fact 1 %} not closed'],
    ['T\n{{ constructor }}', 'acme/own/any.ru.liquid:2:4: undefined variable: constructor'],
    ['T\n{{ event.taskTitle | raw }}', 'acme/own/any.ru.liquid:2:1: undefined filter: raw'],
    ["T\n{% include 'p' %}", 'acme/parts/p.liquid:2:4: undefined variable: a'],
  ])('may only name what there is: %j', (source, message) => {
    expect(() => own(source, { 'acme/parts/p.liquid': '\n{{ a }}' })).toThrow(failed(message))
  })

  it('is bounded in memory', () => {
    expect(() => own('T\n{% for i in (1..1000000000) %}{{ i }}{% endfor %}')).toThrow(
      'memory alloc limit exceeded',
    )
  })

  it.each([
    '{% render event.taskTitle %}',
    "{{ event.dueDate | date: '%d', event.taskTitle }}",
    '{{ event.taskTitle | where: event.taskTitle }}',
  ])('fails without a word of what the event holds: %s', (source) => {
    const data = { ...event, taskTitle: 'Секрет(', dueDate: 1 }
    const whereAlone = expect.stringMatching(
      /^acme\/own\/any\.ru\.liquid:\d:1: it can not be rendered with the data of this event$/,
    )
    expect(() => own(`T\n${source}`, {}, {}, data)).toThrow(
      expect.objectContaining({ code: 'template-failed', message: whereAlone }),
    )
  })

  it('is bounded in steps, however deep they lie, and told where', () => {
    const list = "{% assign l = 'abcdefghij' | split: '' %}"
    const loop = (depth: number): string =>
      depth === 0 ? 'x' : `{% for a in l %}${loop(depth - 1)}{% endfor %}`
    expect(own(`T\n${list}${loop(4)}`).text).toHaveLength(10_001)
    expect(() => own(`T\n${list}\n${loop(20)}`)).toThrow(
      expect.objectContaining({
        code: 'template-failed',
        message: expect.stringMatching(
          /^acme\/own\/any\.ru\.liquid:3:\d+: more than 250000 steps$/,
        ),
      }),
    )
    expect(() => own("T\n{% include 'p' %}", { 'acme/parts/p.liquid': list + loop(20) })).toThrow(
      'more than 250000 steps',
    )
  })

  it('does not fail for the time it takes, as where a function waits for its CPU', () => {
    const clock = jest.spyOn(performance, 'now')
    let now = 0
    clock.mockImplementation(() => {
      now += 60_000
      return now
    })
    try {
      expect(own('T\n{% for a in (1..9) %}{{ a }}{% endfor %}').text).toBe('123456789\n')
    } finally {
      clock.mockRestore()
    }
  })

  it('is refused by name where its HTML is too large, and its text is cut', () => {
    expect(() => own(`T\n${'x'.repeat(60_000)}`)).not.toThrow()
    expect(own(`T\n${'x'.repeat(60_000)}`).text).toHaveLength(20_000)
    const larger = { 'acme/own/any.ru.html.liquid': '{% for i in (1..60000) %}xx{% endfor %}' }
    expect(() => own('TT\n', larger)).toThrow(
      expect.objectContaining({ code: 'notification-too-large' }),
    )
  })
})

describe('a message', () => {
  const fact = (label: string, value: string) => `{% fact '${label}' %}${value}{% endfact %}`

  it('has its text without the blank lines of tags, and then its facts', () => {
    const source = `T\n\n\n Раз \n \n\n\nДва\n${fact('А', ' а ')}${fact('Б', ' ')}\n${fact('В', 'в')}`
    expect(own(source).text).toBe('Раз \n\nДва\n\nА: а\nВ: в\n')
    expect(own(`T\n${fact('А', 'а')}`).text).toBe('А: а\n')
    expect(own('T\n\nРаз').text).toBe('Раз\n')
    expect(own('T').text).toBe('\n')
  })

  it('has a fact in one line of its label, and its value within a value’s limit', () => {
    const { text } = own(`T\n{% fact 'А\nБ' %}1\n2{% endfact %}`)
    expect(text).toBe('А Б: 1\n2\n')
    const long = own(`T\n${fact('А', 'x'.repeat(3000))}`).text
    expect(long).toBe(`А: ${'x'.repeat(1999)}…\n`)
  })

  it('has the label of a fact from the event too', () => {
    expect(own('T\n{% fact event.count %}{{ event.taskTitle }}{% endfact %}').text).toBe(
      '5: <Счёт>\n',
    )
  })

  it('has a title of 200 characters, without the tags of one that is HTML', () => {
    const { title, html } = own(`<b>${'x'.repeat(300)}</b>`)
    expect(title).toBe(`${'x'.repeat(196)}…`)
    expect(html).toContain(`<title>&lt;b&gt;${'x'.repeat(196)}…</title>`)
    expect(own(`{{ event.taskTitle }} <b>да</b>&amp;\n`).title).toBe('<Счёт> да&')
  })

  it('has its text and its facts in HTML, within the page', () => {
    const page = {
      'acme/layout.html.liquid':
        '{{ title }}|{{ text }}|{% for fact in facts %}{{ fact.label }}={{ fact.value }};{% endfor %}' +
        '|{{ open }}|{{ why }}|{{ brand.colour }}|{{ link }}',
    }
    const source = `<b>T</b>\n\nРаз\n\n\n\nДва\n${fact('А', '1')}${fact('Б', '2')}`
    expect(own(source, page).html).toBe(
      '&lt;b&gt;T&lt;/b&gt;|Раз\n\nДва|А=1;Б=2;||' +
        'Вы получили это сообщение, потому что можете взять эту задачу.|#0b5cad|',
    )
    const files = { ...readBuiltIn(), 'acme/own/any.ru.liquid': source, ...page }
    const settings = { webUrl: 'https://ecos.acme.example', colour: '#ffee00' }
    const render = createRender(files, (tenant) => (tenant === 'acme' ? settings : {}))
    const options = { tenant: 'acme', channel: 'email', customData: {}, template: 'own' } as const
    expect(render({ type: 'task.create' }, event, options).html).toMatch(
      /\|Открыть ECOS\|.*\|#ffee00\|https:\/\/ecos\.acme\.example$/,
    )
  })

  it('has the page of its tenant before that for all, and HTML of its own before both', () => {
    const ours = { 'acme/layout.html.liquid': 'own' }
    const all = { '_all/layout.html.liquid': 'all' }
    const html = { 'acme/own/any.ru.html.liquid': 'template' }
    expect(own('T', { ...all, ...ours }).html).toBe('own')
    expect(own('T', all).html).toBe('all')
    expect(own('T', { ...all, ...ours, ...html }).html).toBe('template')
    // Without any page there is none.
    const bare = { 'acme/own/any.ru.liquid': 'T' }
    expect(told(bare, { template: 'own' })).toMatchObject({ title: 'T', html: '' })
  })

  it('has HTML of 100,000 characters at most', () => {
    const html = (length: number) => ({
      'acme/own/any.ru.html.liquid': `{{ title }}${'x'.repeat(length - 1)}`,
    })
    expect(own('T', html(99_990)).html).toHaveLength(99_990)
    const larger = {
      'acme/own/any.ru.html.liquid': `{% for i in (1..5) %}${'x'.repeat(20_000)}{% endfor %}{{ title }}`,
    }
    expect(own('', larger).html).toHaveLength(100_000)
    expect(() => own('T', larger)).toThrow(
      expect.objectContaining({
        code: 'notification-too-large',
        message: 'acme/own/any.ru.liquid renders 100001 characters of HTML; the limit is 100000',
      }),
    )
  })

  it('has each value within its limit in its text and its own HTML', () => {
    const data = { ...event, taskTitle: `${'я'.repeat(1998)}<b>\u0000` }
    const html = { 'acme/own/any.ru.html.liquid': '{{ event.taskTitle }}' }
    const found = own('T\n\n{{ event.taskTitle }}', html, {}, data)
    expect(found.text).toBe(`${'я'.repeat(1998)}<…\n`)
    expect(found.html).toBe(`${'я'.repeat(1998)}&lt;…`)
  })

  it.each([
    [
      '\n{% short %} {% endshort %}{% short %}Раз\nдва{% endshort %}{% short %}x{% endshort %}',
      'Раз два',
    ],
    ['\n{% short %}<b>Раз</b>&amp;{% endshort %}', 'Раз&'],
    [`\n{% short %}${'x'.repeat(300)}{% endshort %}`, `${'x'.repeat(199)}…`],
    ['\nРаз\nДва', 'Раз'],
    ['\n{% short %} {% endshort %}\n Раз\tдва\nТри', 'Раз два'],
    [`\n${'x'.repeat(300)}`, `${'x'.repeat(199)}…`],
    ["\n{% fact 'А' %}1{% endfact %}", 'А: 1'],
    ['', ''],
  ])('has a short line: of %j it is %j', (body, short) => {
    expect(own(`T${body}`).short).toBe(short)
  })

  it('has none where its template was written for the channel alone', () => {
    const files = { ...readBuiltIn(), 'acme/own/email.ru.liquid': 'T\n{% short %}a{% endshort %}' }
    expect(told(files, { template: 'own' })).not.toHaveProperty('short')
  })

  it('is made with the parts of its own tenant, whoever was first', () => {
    const files = {
      '_all/x/any.ru.liquid': "T\n{% include 'p' %}",
      ...{ '_all/parts/p.liquid': 'all', 'acme/parts/p.liquid': 'acme' },
    }
    const render = createRender(files)
    const of = (tenant: string) =>
      render({ type: 'x' }, {}, { tenant, channel: 'email', customData: {} }).text
    expect([of('other'), of('acme'), of('other'), of('acme')]).toEqual([
      ...['all\n', 'acme\n', 'all\n', 'acme\n'],
    ])
  })

  it('writes values as people read them', () => {
    const data = { ...event, list: ['a', null, ['b', 1]], map: { a: 1 }, none: null, no: false }
    const source =
      'T\n\n{{ event.list }};{{ event.map }};{{ event.none }};{{ event.no }};{{ event.count }}'
    expect(own(source, {}, {}, data).text).toBe('a, , b, 1;{"a":1};;false;5\n')
    const html = { 'acme/own/any.ru.html.liquid': '{{ event.q }}' }
    expect(own('T', html, {}, { ...event, q: `&<>"'` }).html).toBe('&amp;&lt;&gt;&#34;&#39;')
  })
})

describe('a filter', () => {
  it.each([
    ["{{ 1 | plural: one: 'файл', few: 'файла', many: 'файлов' }}", 'файл'],
    ["{{ 3 | plural: one: 'файл', few: 'файла', many: 'файлов' }}", 'файла'],
    ["{{ 11 | plural: one: 'файл', few: 'файла', many: 'файлов' }}", 'файлов'],
    ["{{ 21 | plural: one: 'файл', few: 'файла', many: 'файлов' }}", 'файл'],
    ["{{ 1.5 | plural: one: 'файл', few: 'файла', many: 'файлов' }}", 'файла'],
    ['{{ 1234567.5 | number }}', '1 234 567,5'],
    ['{{ event.names | name }}', 'Устав, petrov и На согласовании'],
    ['{{ event.names[0] | name }}', 'Устав'],
    ['{{ event.due | date_long }}', '30 марта 2026 г. в 00:30 (Москва)'],
    ["{{ event.due | date_short: 'UTC' }}", '29.03.2026, 21:30 (UTC)'],
    ["[{{ 'no date' | date_long }}]", '[]'],
  ])('speaks Russian: %s', (source, text) => {
    expect(own(`T\n${source}`).text.replace(/\u00a0/g, ' ')).toBe(`${text}\n`)
  })

  it.each([
    ["{{ 1 | plural: one: 'file', other: 'files' }}", 'file'],
    ["{{ 0 | plural: one: 'file', other: 'files' }}", 'files'],
    ['{{ 1234567.5 | number }}', '1,234,567.5'],
    ['{{ event.names | name }}', 'Charter, petrov, and На согласовании'],
    ['{{ event.due | date_long }}', 'March 30, 2026 at 00:30 (Moscow Time)'],
  ])('speaks English: %s', (source, text) => {
    const files = { ...readBuiltIn(), 'acme/own/any.en.liquid': `T\n${source}` }
    expect(told(files, { template: 'own', locale: 'en' }).text).toBe(`${text}\n`)
  })

  it('writes a day without a time as the same day everywhere', () => {
    const source = "{{ '2026-07-01' | date_format: 'dd.MM.yyyy' }}"
    const files = { ...readBuiltIn(), 'acme/own/any.ru.liquid': `T\n${source}` }
    for (const timeZone of ['America/New_York', 'Asia/Kamchatka']) {
      expect(told(files, { template: 'own', locale: 'ru', timeZone }).text).toBe('01.07.2026\n')
    }
  })

  it('without a form for the number says so', () => {
    expect(() => own("T\n{{ 5 | plural: one: 'файл' }}")).toThrow('plural has no form for "many"')
  })
})

describe('the template that is used', () => {
  /** Each template says its own path. */
  const said = (paths: string[], options: Partial<RenderOptions>) =>
    told({ ...readBuiltIn(), ...Object.fromEntries(paths.map((path) => [path, path])) }, options)
      .title

  const tenantRu = 'acme/task.create/any.ru.liquid'
  const tenantEmail = 'acme/task.create/email.ru.liquid'
  const allEn = '_all/task.create/any.en.liquid'
  const allGb = '_all/task.create/email.en-GB.liquid'
  const named = 'acme/vip/any.ru.liquid'
  const every = [tenantRu, tenantEmail, allEn, allGb, named, 'other/vip/any.en.liquid']

  it.each([
    ["the channel's before the one for any", every, {}, tenantEmail],
    ["the tenant's before that for all", every.slice(0, 1), {}, tenantRu],
    ["the reader's language before whose it is", every, { locale: 'en' }, allEn],
    ['the nearest language', every, { locale: 'en-gb' }, allGb],
    ['the same with fewer subtags', [tenantRu, allEn], { locale: 'en-US-x-y' }, allEn],
    ["the tenant's language next", every, { locale: 'de', tenantLocale: 'en' }, allEn],
    ['Russian last', every, { locale: 'de', tenantLocale: 'fr' }, tenantEmail],
    [
      'a named one in any language before the type',
      every,
      { template: 'vip', locale: 'en' },
      named,
    ],
    ["the type's for a name that is none", [], { template: 'vipp' }, 'Новая задача: <Счёт>'],
    ['the built-in in the end', [], { locale: 'en' }, 'New task: <Счёт>'],
    ['and what is no language for nothing', [], { locale: 'no tag' }, 'Новая задача: <Счёт>'],
  ] as const)('is %s', (_, paths, options, title) => {
    expect(said([...paths], options)).toBe(title)
  })

  it('is a fault of ours where a type has none', () => {
    expect(() =>
      createRender({})({ type: 'x' }, {}, { tenant: 'a', channel: 'email', customData: {} }),
    ).toThrow(expect.objectContaining({ code: 'no-template' }))
  })
})
