// biome-ignore-all lint/suspicious/noTemplateCurlyInString: FreeMarker's values look like JavaScript's
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Untranslatable } from '../../../../lib/notifications/freemarker/source.ts'
import { createEngines } from '../../../../lib/notifications/templates/engine.ts'
import { faultsOf, inLiquid, notesOf, rendered, renderedText } from './translated.ts'

const model = {
  ...{ title: 'title', number: '_docNum?num', due: 'dueDate', author: 'author?disp' },
  isDone: 'done?bool',
}

describe('a value', () => {
  it.each([
    ['${title}', { title: '<b>' }, '&lt;b&gt;'],
    ['${title!"none"}', {}, 'none'],
    ["${title!}|${(title)!''}", {}, '|'],
    ['${title!author!"both"}', { author: 'Ivanov' }, 'Ivanov'],
    ['${number}', { '_docNum?num': 1234567 }, '1\u00a0234\u00a0567'],
    ['${number?c}', { '_docNum?num': 1234567 }, '1234567'],
    ['${number + 1}', { '_docNum?num': 1 }, '2'],
    ['${"№" + number + "/" + title}', { '_docNum?num': 1, title: 'a' }, '№1/a'],
    ['${"Dear ${author}, \\"hello\\""}', { author: 'Ann' }, 'Dear Ann, &#34;hello&#34;'],
    ['${title?upper_case?trim}', { title: ' a ' }, 'A'],
    ['${title?cap_first}', { title: 'new Task' }, 'New Task'],
    ['${title?replace("a", "b")?html}', { title: 'aa' }, 'bb'],
    ['${title?substring(1, 3)}', { title: 'abcd' }, 'bc'],
    ['${title?url}', { title: 'a b' }, 'a%20b'],
    ['${title?then("yes", "no")}', { title: true }, 'yes'],
    ['${title!"&mdash; &lt;b&gt;"}', {}, '— &lt;b&gt;'],
    ['${number?string}', { '_docNum?num': 1234567 }, '1\u00a0234\u00a0567'],
    ['<#assign value_1 = "a"><#assign b = value_1 + (title?trim)>${value_1}', {}, 'a'],
    ['${(title?? && author??)?string("both", "not both")}', { title: 'a' }, 'not both'],
    ['${r"a\\n"}', {}, 'a\\n'],
  ])('%s is written as FreeMarker writes it', (template, attributes, text) => {
    expect(rendered(template, { model, attributes })).toBe(text)
  })

  it.each([
    ['${due?datetime.iso?string("dd.MM.yyyy HH:mm")}', '01.03.2026 12:00'],
    ['${due?date.iso?string["d MMMM yyyy"]}', '1 марта 2026'],
    ['${due?date?string("d MMMM yyyy")}', '1 марта 2026'],
    ['${due?datetime.iso?string.full}', '1 марта 2026 г. в 12:00 (Москва)'],
    ['${due?datetime}', '01.03.2026, 12:00 (Москва)'],
    ['${due?date?string.long}', '1 марта 2026 г.'],
    ['<#assign d = due?datetime.iso>${d?string.short}', '01.03.2026, 12:00 (Москва)'],
    ['${due?time}', '12:00'],
    ['${(due?time.iso)!"none"}', '12:00'],
  ])('%s is a date of the reader', (template, text) => {
    const options = { model, attributes: { dueDate: '2026-03-01T09:00:00Z' } }
    expect(rendered(template, options)).toBe(text)
  })
})

describe('an attribute of the model', () => {
  it.each([
    ['title', '{{ event.attributes["title"] }}'],
    ['title?disp', '{{ event.attributes["title"] }}'],
    ['rec._type?id', '{{ event.attributes["rec._type?id"] }}'],
    ['.id', '{{ event.docId }}'],
    ['.disp', '{{ event.attributes["?disp"] | default: document }}'],
    ['$task.title', '{{ event.taskTitle }}'],
    ['$process.comment', '{{ customData.value }}'],
    [
      "a!b!'none'",
      '{{ event.attributes["a"] | default: event.attributes["b"] | default: "none" }}',
    ],
    ["d | fmt('dd.MM')", '{{ event.attributes["d"] | date_format: "dd.MM" }}'],
  ])('%s becomes %s', (attribute, liquid) => {
    expect(inLiquid('${value}', { model: { value: attribute } })).toBe(liquid)
  })

  it('is asked for from the record of an event 2.0', () => {
    const options = { model: { a: 'title', b: '?str', c: '?disp' }, record: 'record' }
    expect(inLiquid('${a}${b}${c}', options)).toBe(
      '{{ event.attributes["record.title"] }}{{ event.attributes["record?str"] }}{{ document }}',
    )
  })

  it('that can not be asked for is refused where it is used', () => {
    const [fault] = faultsOf('a\n  ${children}', { model: { children: 'parts[]{name}' } })
    expect(fault).toMatch(/^new\.ftl:2:5: "children" can't be asked for: .*expected "\."/)
  })
})

describe('directives', () => {
  it.each([
    ['<#if title??>a<#elseif author??>b<#else>c</#if>', { author: 'x' }, 'b'],
    ['<#if (number gt 3) && (number <= 5)>a<#else>b</#if>', { '_docNum?num': 5 }, 'a'],
    ['<#if title?has_content>a<#else>b</#if>', { title: '' }, 'b'],
    ['<#if !title?contains("x")>a<#else>b</#if>', { title: 'yxy' }, 'b'],
    ['<#if title?starts_with("ab")>a</#if>', { title: 'abc' }, 'a'],
    ['<#list title as t>${t?counter}${t}<#sep>, </#sep></#list>', { title: ['x', 'y'] }, '1x, 2y'],
    ['<#list title![] as t>${t}<#else>none</#list>', {}, 'none'],
    ['<#list title as t>${t}<#if t?has_next>-</#if></#list>', { title: ['x', 'y'] }, 'x-y'],
    ['<#list title as k, v>${k}=${v};</#list>', { title: { a: 1, b: 2 } }, 'a=1;b=2;'],
    ['<#list title>[<#items as t>${t}</#items>]<#else>none</#list>', { title: ['x'] }, '[x]'],
    ['<#list title as t><#if t == "y"><#break></#if>${t}</#list>', { title: ['x', 'y'] }, 'x'],
    ['<#list 1..3 as i>${i}</#list>', {}, '123'],
    ['<#list 1..2 as i><#list 1..2 as k>${k_index}</#list>${i_index}</#list>', {}, '010011'],
    [
      '<#if number?c == "5" && isDone?string == "true">a<#else>b</#if>',
      { '_docNum?num': 5, 'done?bool': true },
      'a',
    ],
    ['<#if isDone?has_content>a<#else>b</#if>', { 'done?bool': false }, 'a'],
    ['<#assign a = 1, b = "x" + title>${b}${a}', { title: 't' }, 'xt1'],
    ['<#assign a><b>${title}</b></#assign>${a}', { title: '<' }, '<b>&lt;</b>'],
    [
      '<#switch number><#case 1>a<#break><#case 2><#case 3>b<#break><#default>c</#switch>',
      { '_docNum?num': 3 },
      'b',
    ],
    ['<#escape x as x?html>${title}</#escape>', { title: '&' }, '&amp;'],
    ['<#-- ${nothing} -->a<#noparse>${b}</#noparse>', {}, 'a${b}'],
    ['<#assign link = "a">${link}', {}, 'a'],
    ['<#if title??><#else><#assign title = "own"></#if>${title}', {}, 'own'],
  ])('%s', (template, attributes, text) => {
    expect(rendered(template, { model, attributes })).toBe(text)
  })

  it('of macros are written where they are called, with their values and the body of the call', () => {
    const macro = '<#macro box name of="x"><i>${name}-${of}</i><#nested></#macro>'
    const call = '<@box name="a">${title}</@box><@box "b", "c"/>'
    expect(rendered(macro + call, { model, attributes: { title: 't' } })).toBe(
      '<i>a-x</i>t<i>b-c</i>',
    )
  })

  it('of macros keep their own values where another call stands within', () => {
    const macro = '<#macro box name>(${name}<#nested>${name})</#macro>'
    expect(rendered(`${macro}<@box "a"><@box "b"></@box></@box>`)).toBe('(a(bb)a)')
    const taken = '<#assign box_name = "own"><@box "a"></@box>${box_name}'
    expect(rendered(macro + taken)).toBe('(aa)own')
  })

  it('import other artifacts, of which the variables and macros are used', () => {
    const lib = '<#assign mail = "a@b">not written<#macro sign>${title}, ${mail}</#macro>'
    const template = '<#import "notifications/template@lib" as l><@l.sign/> ${l.mail}'
    const options = { model, attributes: { title: 't' }, others: { lib } }
    expect(rendered(template, options)).toBe('t, a@b a@b')
    expect(rendered('<#include "part_ru">', { ...options, others: { part: '${title}!' } })).toBe(
      't!',
    )
  })

  const others = {
    lib: [
      '<#assign mail = "a@b"><#assign n = 1000>written <#macro sign who="me">${who}: ${mail}</#macro>',
      '<#macro twice><#nested>|<#nested></#macro><#macro uses><@sign who="u"/></#macro>',
      '<#macro count><#assign n = n + 1>${n?c};</#macro>',
      '<#macro sets><#assign mail = "new"></#macro>',
      '<#macro local who><#local mail = who>${mail}</#macro>',
      '<#assign own = "kept"><#assign part><b>${own}</b></#assign>',
    ].join(''),
    over: '<#import "lib" as l><#assign own = l.mail><#macro m>${l.mail} ${own} <@l.sign who="o"/></#macro>',
    part: '<#assign x = 1><#macro m>M${x}</#macro><#assign c>[${title}]</#assign>part ${title}',
    outer: '<#include "part">, outer',
    itself: 'a<#include "itself">',
    base: '<#assign mail = "own">written <#include "part">',
    wraps: '<#include "part"><#include "lib">',
    deep: '<#include "wraps">',
    if: '<#if title == "t">written<#assign x = 1><#elseif title == "u"><#else><#assign x = 2></#if>',
  }

  // As FreeMarker 2.3.34 writes them.
  it.each([
    ['<#import "lib" as k><@k.sign/>', 'me: a@b'],
    ['<#import "lib" as k><@k.sign who="x"/>', 'x: a@b'],
    ['<#import "lib" as k>${k.n?c}, ${(k.n + 1)?c}', '1000, 1001'],
    ['<#assign mail = "own"><#import "lib" as k>${mail} ${k.mail}', 'own a@b'],
    ['<#import "lib" as k><#macro sign>own</#macro><@sign/> <@k.sign/>', 'own me: a@b'],
    ['<#assign mail = "own"><#import "lib" as k><@k.twice>${mail}</@k.twice>', 'own|own'],
    ['<#import "lib" as k><@k.uses/>', 'u: a@b'],
    ['<#import "lib" as k><#import "lib" as j><@k.sign/> ${j.mail}', 'me: a@b a@b'],
    ['<#import "over" as o><@o.m/>', 'a@b a@b o: a@b'],
    ['<#import "lib" as k><#list 1..2 as k>${k};</#list>${k.mail}', '1;2;a@b'],
    ['<#import "lib" as k><#assign mail = k.mail + "!">${mail} ${k.mail}', 'a@b! a@b'],
    ['<#import "lib" as k><#macro m k>${k}</#macro><@m k="q"/><@k.sign/>', 'qme: a@b'],
    ['<#import "lib" as k><#if k.mail == "a@b">1</#if>${k.mail?upper_case}', '1A@B'],
    ['<#import "lib" as k><@k.count/><@k.count/>${k.n?c}', '1001;1002;1002'],
    ['<#import "lib" as k><@k.sets/>${k.mail}', 'new'],
    ['<#import "lib" as k><@k.local who="z"/>${k.mail}', 'za@b'],
    ['<#assign own = "not this"><#import "lib" as k>${k.part}${own}', '<b>kept</b>not this'],
    ['<#import "lib" as k><#list 1..2 as own>${k.part}</#list>', '<b>kept</b><b>kept</b>'],
    ['<#import "part" as p>${p.x}<@p.m/>${p.c}', '1M1[t]'],
    ['<#include "part">|${x}<@m/>${c}', 'part t|1M1[t]'],
    ['<#assign x = 5><#include "part">|${x}', 'part t|1'],
    ['<#include "part"> <#include "part">', 'part t part t'],
    ['a\n <#include "part"> \nb', 'a\npart tb'],
    ['a\n <#include "part"> <#if true></#if>\nb', 'a\n part t \nb'],
    ['<#include "outer">|${x}<@m/>', 'part t, outer|1M1'],
    ['<#macro w><#include "part"></#macro><@w/>|${x}', 'part t|1'],
    ['<#if title == "t"><#include "part"></#if>|${x}', 'part t|1'],
    ['<#import "base" as b>${b.x}<@b.m/>${b.c}${b.mail}', '1M1[t]own'],
    ['<#import "wraps" as w>${w.x}${w.mail} <@w.sign/>', '1a@b me: a@b'],
    ['<#import "deep" as d>${d.x}${d.mail}<@d.m/>', '1a@bM1'],
    ['<#import "if" as i>${i.x}', '1'],
  ])('of other artifacts are used as those of one: %s', (template, text) => {
    expect(rendered(template, { model, attributes: { title: 't' }, others })).toBe(text)
  })

  it('begin with what the model has, where only an artifact that may be included changes them', () => {
    const template = (condition: string) => `<#if ${condition}><#include "own"></#if>\${title}`
    const options = {
      model,
      attributes: { title: 't' },
      others: { own: '<#assign title = "own">' },
    }
    expect(rendered(template('true'), options)).toBe('own')
    expect(rendered(template('false'), options)).toBe('t')
  })

  it.each([
    ['<#import "lib" as k>${k.none}', '"none" is neither in the artifact\'s model nor assigned'],
    ['<#import "lib" as k><@k.none/>', 'there is no macro "k.none"'],
    ['<#import "lib" as k><@k.l.none/>', 'there is no macro "k.l.none"'],
    ['<#import "lib" as k><@k.sign.x/>', 'there is no macro "k.sign.x"'],
    ['<@k.sign/>', 'there is no macro "k.sign"'],
    ['<#import "late" as k>${k.part}', 'part keeps what "own" is here, and that changes'],
    ['<#macro m>own</#macro><#include "part"><@m/>', 'the macro "m" is defined more than once'],
    ['<#include "itself">', 'macros, templates or parts contain one another'],
    ['<#include "none">', 'there is no artifact "none" in the folder'],
    ['<#import "bad" as b>', '<#if> is not closed'],
    ['<#import "global" as g>', '<#global> in an artifact that others import: use <#assign>'],
  ])('of other artifacts are refused where they can not be used: %s', (template, fault) => {
    const late = '<#assign part>${own}</#assign><#assign own = "late">'
    const more = { ...others, bad: '<#if true>', global: '<#global g = 1>', late }
    expect(() => rendered(template, { model, others: more })).toThrow(fault)
  })
})

describe("ECOS's own objects", () => {
  it('are the event and the data of the subscription too, as in templates for push', () => {
    const event = { taskTitle: 'Task', title: 'Own' }
    const options = { event, customData: { by: 'Ann' } }
    expect(rendered('${event.taskTitle}, ${event.title}, ${customData.by}', options)).toBe(
      'Task, Own, Ann',
    )
    expect(faultsOf('${_notification.text}')).toEqual([
      'new.ftl:1:3: "_notification" is neither in the artifact\'s model nor assigned',
    ])
  })

  it('are noted where a setting is left out, since each reader has their own', () => {
    expect(notesOf('a<#setting locale="ru"><#setting time_zone="UTC">')).toEqual([
      'new.ftl:1:2: the setting locale is left out: each reader has their own language and time zone',
      'new.ftl:1:24: the setting time_zone is left out: each reader has their own language and time zone',
    ])
  })

  it.each([
    ['${link.getRecordLink(ref)}', 'https://ecos.acme.example/42'],
    [
      '${link.getRecordLink(other)}',
      'https://ecos.acme.example/v2/dashboard?recordRef=emodel/parent@1',
    ],
    ['${meta.getWebUrl()}v2/x', 'https://ecos.acme.example/v2/x'],
    ['${config.getNotNull("app/desk$reply").asText()}', 'help@acme.example'],
    ['${_notification.title}', ''],
    ['${now?datetime.iso?string.short}', '01.03.2026, 12:05 (Москва)'],
    ['${web + "/x"}', 'https://ecos.acme.example/x'],
  ])('%s', (template, text) => {
    const more = { ref: '?id', other: '_parent?id', now: '$now?str', web: '$webUrl' }
    const attributes = { '_parent?id': 'emodel/parent@1' }
    if (template.includes('_notification')) expect(inLiquid(template)).toBe('{{ title }}')
    else expect(rendered(template, { model: more, attributes })).toBe(text)
  })

  it('are noted or refused where they can not be here', () => {
    const picture = '<img src="${image.toBase64Data("task.png")}">'
    expect(rendered(picture)).toMatch(/^<img src="data:image\/gif;base64,[\w/+]+=*">$/)
    expect(notesOf(picture)).toEqual([expect.stringMatching(/^new\.ftl:1:13: a picture/)])
    expect(faultsOf('${config.get("app/other$key")}')).toEqual([
      "new.ftl:1:14: ECOS's setting \"app/other$key\" is not known here: give it with --config 'app/other$key=…'",
    ])
    expect(faultsOf('${records.get("a").load("b")}')).toEqual([
      expect.stringContaining('new.ftl:1:3: load() is known to ECOS alone'),
    ])
  })
})

describe('what has no counterpart', () => {
  it('is refused all at once, each with its place', () => {
    const template = 'a\n${typo}\n<#if title?matches("x")>\n  ${title?eval}\n</#if>${"<b>x</b>"}'
    expect(faultsOf(template, { model })).toEqual([
      `new.ftl:2:3: "typo" is neither in the artifact's model nor assigned`,
      'new.ftl:3:11: ?matches has no counterpart in Liquid',
      'new.ftl:4:10: ?eval has no counterpart in Liquid',
      'new.ftl:5:9: markup in a quoted text would be shown as text: write it outside',
    ])
  })

  it.each([
    ['<#if a>', '1:1: <#if> is not closed'],
    ['a</#list>', '1:2: </#list> has no beginning'],
    ['<#attempt>a</#attempt>', '1:1: <#attempt> has no counterpart in Liquid'],
    ['${a', '1:1: ${ is not closed'],
    ['${a b}', `1:5: can't be read at "b"`],
    ['${a.}', '1:5: expected a name'],
    ['<#list a as>x</#list>', '1:12: expected a name'],
    [`\${${'('.repeat(200)}a${')'.repeat(200)}}`, 'nested too deeply'],
    [`\${${'!'.repeat(5000)}a}`, 'nested too deeply'],
  ])('%s is no template', (template, problem) => {
    expect(() => inLiquid(template)).toThrow(Untranslatable)
    expect(() => inLiquid(template)).toThrow(problem.replace(/^\d+:\d+: /, ''))
  })

  it('is refused: the index of an outer loop, and a break within a condition of a case', () => {
    expect(faultsOf('<#list 1..2 as i><#list 1..2 as k>${i_index}</#list></#list>')).toEqual([
      expect.stringContaining('"i_index" is neither'),
    ])
    const broken = '<#switch 1><#case 1><#if isDone>a<#break></#if>b<#break></#switch>c'
    expect(faultsOf(broken, { model })).toEqual([
      'new.ftl:1:34: <#break> ends its case only at the end of it',
    ])
    const inLoop = '<#switch 1><#case 1><#list 1..3 as i>${i}<#break></#list>b<#break></#switch>c'
    expect(rendered(inLoop)).toBe('1bc')
  })

  it.each([
    `${'a.'.repeat(20_000)}b`,
    `"a"${' + "a"'.repeat(20_000)}`,
    `a${' && a'.repeat(20_000)}`,
  ])('is refused: an expression of any length (%#)', (expression) => {
    expect(() => inLiquid(`\${${expression}}`)).toThrow('the expression is too long')
  })

  it('has an end: macros that call themselves or one another', () => {
    expect(faultsOf('<#macro a><@b/></#macro><#macro b><@a/></#macro><@a/>')).toHaveLength(1)
    const doubling = Array.from(
      { length: 18 },
      (_, i) => `<#macro m${i}><@m${i + 1}/><@m${i + 1}/></#macro>`,
    )
    const [fault] = faultsOf(`${doubling.join('')}<#macro m18>x</#macro><@m0/>`)
    expect(fault).toMatch(/the template becomes too long/)
    const nesting = `<#macro a><#nested><#nested></#macro>${'<@a>'.repeat(18)}${'</@a>'.repeat(18)}`
    expect(faultsOf(nesting)).toEqual([expect.stringContaining('the template becomes too long')])
  })
})

describe('the text of a template in HTML', () => {
  it.each([
    ['<p>Dear\n   ${title},</p><p>a&nbsp;b &amp; c</p>', 'Dear A,\n\na b & c'],
    ['<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
    ['<tr><td>Due</td>\n<td>now</td></tr><tr><td>x</td></tr>', 'Due now\nx'],
    ['<head><title>no</title></head><style>p { color: red }</style>a<!-- no -->b', 'ab'],
    ['<a class="x > y" href="${link.getRecordLink(ref)}">Open</a> it', 'Open it'],
    [
      '<a href="https://x.example/?a=1&amp;b=${title}">Help</a>',
      'Help (https://x.example/?a=1&b=A)',
    ],
    ['<a href="${link.getRecordLink(other)}">Other</a>', 'Other ()'],
    ['<div <#if title??>class="a"</#if>>x</div>', 'x'],
    ['<p><#if title??> a <#else> b </#if> c</p>', 'a c'],
    ['Re: ${_notification.title}', 'Re: The title'],
    ['<a href="x/&#123;&#123; title &#125;&#125;">y</a>', 'y (x/{{ title }})'],
  ])('%s', (template, text) => {
    const more = { ...model, ref: '.id', other: '_parent?id' }
    expect(renderedText(template, { model: more, attributes: { title: 'A' } })).toBe(text)
  })

  it('is refused where a tag begins in a condition and ends outside', () => {
    expect(() => renderedText('<#if title??><a href="x"></#if>y</a>', { model })).toThrow(
      'begins within a condition',
    )
    expect(() => renderedText('<#if title??><p</#if>>y', { model })).toThrow(Untranslatable)
  })
})

const engines = createEngines({}, 'acme')
const render = (liquid: string) => String(engines.html.parseAndRenderSync(liquid, { locale: 'ru' }))
const characters = fc.constantFrom(...'{%}-#$<>/@"\'\\ \n=ab№é'.split(''))
const anyText = fc
  .array(characters, { maxLength: 40 })
  .map((all) => all.join(''))
  .filter((text) => !/[$#]\{|<\/?[#@]/.test(text))

describe('whatever a template contains', () => {
  it('its text arrives unchanged, also what Liquid would read as its own', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        expect(render(inLiquid(before))).toBe(before)
        // A dollar sign before the value would begin another one.
        if (/[$#<]$|<\/$/.test(before)) return
        expect(render(inLiquid(`${before}\${1}${after}`))).toBe(`${before}1${after}`)
      }),
    )
  })

  it('its quoted texts are written as they are', () => {
    const any = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code))
    const quotable = fc
      .array(any, { maxLength: 20 })
      .map((all) => all.join(''))
      .filter((text) => !/<\/?[a-z]|\p{Cc}/iu.test(text) && text.isWellFormed())
    fc.assert(
      fc.property(fc.oneof(quotable, anyText), (text) => {
        fc.pre(!/<\/?[a-z]/i.test(text))
        const quoted = text.replace(/["\\]/g, '\\$&').replaceAll('{', '\\{')
        const html = render(inLiquid(`\${"${quoted}"}`))
        const plain = html.replace(/&#34;/g, '"').replace(/&#39;/g, "'")
        const back = plain.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
        expect(back).toBe(text.replaceAll('\r', '\n'))
      }),
    )
  })

  it('its conditions hold when they do in FreeMarker', () => {
    interface Tree {
      readonly text: string
      readonly holds: boolean
    }
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'large', withCrossShrink: true },
        fc.boolean().map((holds) => ({ text: holds ? 'yes??' : 'no??', holds })),
        tie('tree').map(({ text, holds }) => ({ text: `!(${text})`, holds: !holds })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
          text: `(${a.text}) && (${b.text})`,
          holds: a.holds && b.holds,
        })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
          text: `(${a.text}) || (${b.text})`,
          holds: a.holds || b.holds,
        })),
      ),
    }))
    const options = { model: { yes: 'title', no: 'none' }, attributes: { title: 'a' } }
    fc.assert(
      fc.property(tree, ({ text, holds }) => {
        const template = `<#if ${text}>1<#else>0</#if>`
        expect(rendered(template, options)).toBe(holds ? '1' : '0')
      }),
    )
  })

  it('it is refused with a place, or is a template that Liquid reads', () => {
    const pieces = fc.constantFrom(
      ...[
        '<#if ',
        '<#else>',
        '</#if>',
        '<#list ',
        ' as x',
        '</#list>',
        '<#assign a=',
        '<#macro m>',
      ],
      ...[
        '</#macro>',
        '<@m/>',
        '${',
        '}',
        '>',
        '/>',
        'title',
        'x',
        'a',
        '??',
        '!',
        '?size',
        '"',
        "'",
      ],
      ...[' + ', '(', ')', '[', ']', '.', ' && ', '1', '{{', '%}', '<b ', '</b>', '<#switch 1>'],
      ...['<#case 2>', '<#break>', '</#switch>', '<#nested>', '\\', '<#sep>'],
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (all) => {
        const template = all.join('')
        try {
          if (faultsOf(template, { model }).length > 0) return
        } catch (error) {
          expect(error).toBeInstanceOf(Untranslatable)
          return
        }
        expect(() => engines.html.parse(inLiquid(template, { model }))).not.toThrow()
      }),
    )
  })
})
