// biome-ignore-all lint/suspicious/noTemplateCurlyInString: FreeMarker's values look like JavaScript's
import { describe, expect, it } from '@jest/globals'
import { parse, parseAll } from '../../../../lib/notifications/freemarker/parse.ts'
import { placeOf, Untranslatable } from '../../../../lib/notifications/freemarker/source.ts'

const sourceOf = (text: string) => ({ file: 'a.ftl', text })

/** What is at fault in a template, each with its line and column. */
function faultsIn(text: string): string[] {
  const { faults } = parseAll(sourceOf(text))
  return faults.map(({ at, message }) => `${placeOf(at).replace('a.ftl:', '')}: ${message}`)
}

describe('what FreeMarker can not read', () => {
  it.each([
    ['a\n <#-- b', '2:2: the comment is not closed'],
    ['a <#noparse>${b}', '1:3: <#noparse> is not closed'],
    ['<#if a', '1:1: <#if is not closed'],
    ['<@m a', '1:1: <@ is not closed'],
    ['${a', '1:1: ${ is not closed'],
    ['${"a}', '1:1: ${ is not closed'],
    ['a${(b}', '1:2: ${ is not closed'],
    ['a#{b}', '1:2: #{…} is not supported: write it with a dollar sign'],
    ['<#if a>b', '1:1: <#if> is not closed'],
    ['<#if a>b</#list>', '1:1: <#if> is not closed'],
    ['<@m>b', '1:1: <@…> is not closed'],
    ['<@m>b</#m>', '1:1: <@…> is not closed'],
    ['<#list a as b>c', '1:1: <#list> is not closed'],
    ['<#list a as b>c<#else>', '1:1: <#list> is not closed'],
    ['<#switch a><#case 1>', '1:1: <#switch> is not closed'],
    ['<#macro m>', '1:1: <#macro> is not closed'],
    ['<#assign a>', '1:1: <#assign> is not closed'],
    ['<#compress>', '1:1: <#compress> is not closed'],
    ['a</#if>', '1:2: </#if> has no beginning'],
    ['a</@m>', '1:2: </@> has no beginning'],
    ['a<#else>b', '1:2: <#else> has no beginning'],
    ['<#case 1>', '1:1: <#case> has no beginning'],
    ['<#default>', '1:1: <#default> has no beginning'],
    ['<#elseif a>', '1:1: <#elseif> has no beginning'],
    ['<#list a as b>c<#elseif a>d</#list>', '1:1: <#list> is not closed'],
    ['${}', '1:3: expected a value'],
    ['${ }', '1:4: expected a value'],
    ['${*}', '1:3: expected a value at "*"'],
    ['${a +}', '1:6: expected a value'],
    ['${a.}', '1:5: expected a name'],
    ['${a.1}', '1:5: expected a name at "1"'],
    ['${a?}', '1:5: expected the name of a built-in'],
    ['${a?1}', '1:5: expected the name of a built-in at "1"'],
    ['${(a b)}', '1:6: expected ) at "b)"'],
    ['${a[1 2]}', '1:7: expected ] at "2]"'],
    ['${a(1 2)}', '1:7: expected , or ) at "2)"'],
    ['${[1 2]}', '1:6: expected , or ] at "2]"'],
    ['${a b}', '1:5: can\'t be read at "b"'],
    ['${a ^\nb}', '1:5: can\'t be read at "^"'],
    ['${a ^12345678901234567890}', '1:5: can\'t be read at "^1234567890123456789"'],
    ['${a == b == c}', '1:10: can\'t be read at "== c"'],
    ['${"a\\qb"}', '1:5: \\q is not an escape sequence'],
    ['${"a\\xgg"}', '1:5: \\x is not an escape sequence'],
    ['${"a${b"}', '1:5: ${ is not closed'],
    ['${"a${b c}"}', '1:9: can\'t be read at "c"'],
    ['<#list a as>b</#list>', '1:12: expected a name'],
    ['<#list a as b,>c</#list>', '1:15: expected a name'],
    ['<#list a as b, c d>e</#list>', '1:18: can\'t be read at "d"'],
    ['<#list a><#items b>c</#items></#list>', '1:18: expected as at "b"'],
    ['<#list a><#items as b,>c</#items></#list>', '1:23: expected a name'],
    ['<#list a><#items as b c>c</#items></#list>', '1:23: can\'t be read at "c"'],
    ['<#assign>', '1:9: expected the name of a variable'],
    ['<#assign a/>', '1:1: <#assign> gives a no value'],
    ['<#assign a = 1 b>', '1:1: <#assign> gives b no value'],
    ['<#assign a ! b>c</#assign>', '1:12: can\'t be read at "! b"'],
    ['<#import "a">', '1:13: expected as'],
    ['<#import "a" as>', '1:16: expected a name'],
    ['<#include a>', '1:1: <#include> names no template in quotes'],
    ['<#import a as b>', '1:1: <#import> names no template in quotes'],
    ['<#setting>', '1:10: expected a setting'],
    ['${a/}', '1:5: expected a value'],
    ['${"a${b" + "c}"}', '1:5: ${ is not closed'],
    ['<#escape x as a.x?html>a</#escape>', '1:1: <#escape> escapes otherwise than ?html'],
    ['<#escape x as x.html>a</#escape>', '1:1: <#escape> escapes otherwise than ?html'],
    ['<#macro>a</#macro>', '1:8: expected the name of a macro'],
    ['<@ />', '1:4: expected the name of a macro'],
    ['<@m. />', '1:6: expected the name of a macro'],
    ['<@m a= />', '1:8: expected a value'],
    ['<#escape x>a</#escape>', '1:11: expected as'],
    ['<#foo>', '1:1: <#foo> has no counterpart in Liquid'],
    [
      '<#macro m a...>b</#macro>',
      '1:1: <#macro> takes any number of values, which has no counterpart in Liquid',
    ],
    ['<#escape x as x?js_string>a</#escape>', '1:1: <#escape> escapes otherwise than ?html'],
    ['<#escape x as y?html>a</#escape>', '1:1: <#escape> escapes otherwise than ?html'],
    ['<#escape x as x>a</#escape>', '1:1: <#escape> escapes otherwise than ?html'],
    ['<#escape x as "x"?html>a</#escape>', '1:1: <#escape> escapes otherwise than ?html'],
  ])('%s', (template, fault) => {
    expect(faultsIn(template)[0]).toBe(fault)
    expect(() => parse(sourceOf(template))).toThrow(Untranslatable)
  })

  it('is told all at once, in the order of the template but for what is not closed', () => {
    expect(faultsIn('${a b}<#foo>\n${"\\q"}${*}<#-- c')).toEqual([
      '2:12: the comment is not closed',
      '1:5: can\'t be read at "b"',
      '1:7: <#foo> has no counterpart in Liquid',
      '2:4: \\q is not an escape sequence',
      '2:10: expected a value at "*"',
    ])
  })

  it('is left out, and what stands around it is read', () => {
    const { nodes } = parseAll(sourceOf('a${b c}d<#foo>e'))
    expect(nodes).toMatchObject(['a', 'd', 'e'].map((text) => ({ kind: 'text', text })))
  })

  it('is told no further behind a directive that has a part of the template within', () => {
    expect(faultsIn('<#if a b>c</#if>${d e}')).toEqual(['1:8: can\'t be read at "b"'])
    expect(faultsIn('<@m a.>c</@m>${d e}')).toEqual(['1:7: expected a name'])
    expect(faultsIn('<#if a b></#if>${d e}')).toEqual(['1:8: can\'t be read at "b"'])
    expect(faultsIn('</#if>${a b}</@m>')).toEqual([
      '1:1: </#if> has no beginning',
      '1:11: can\'t be read at "b"',
      '1:13: </@> has no beginning',
    ])
  })

  it.each([
    [
      '<@m></@m><@m. />${b c}',
      ['1:15: expected the name of a macro', '1:21: can\'t be read at "c"'],
    ],
    [
      '<#include a>${b c}<#include "d">',
      ['1:1: <#include> names no template in quotes', '1:17: can\'t be read at "c"'],
    ],
    [
      '<#if a><#include b></#if>${c d}',
      ['1:8: <#include> names no template in quotes', '1:30: can\'t be read at "d"'],
    ],
  ])('is told also behind what has nothing within: %s', (template, faults) => {
    expect(faultsIn(template)).toEqual(faults)
  })

  it('is told for a hundred places of a template, and where it ends to be read', () => {
    expect(faultsIn('${a b}'.repeat(100))).toHaveLength(100)
    expect(faultsIn('${a b}'.repeat(300))).toHaveLength(101)
  })

  it('gives the variables of its assignment a value, so that they are not unknown too', () => {
    const { nodes } = parseAll(sourceOf('<#assign a = 1 +, b += 2 c2== 3>${a}<#local d= >'))
    const assigned = nodes.filter(({ kind }) => kind === 'assign')
    expect(assigned).toMatchObject(
      ['a', 'b', 'd'].map((name) => ({ name, value: { kind: 'text', value: '' } })),
    )
    expect(nodes).toHaveLength(4)
    for (const other of ['<#foo a = 1>', '<#assigned a = 1>', '<#myassign a = 1>', '${a = b c}']) {
      expect([other, parseAll(sourceOf(`${other}b`)).nodes]).toMatchObject([other, [{ text: 'b' }]])
    }
  })
})

describe('what is within something else', () => {
  it.each([
    ['<#if a>', '</#if>'],
    ['<@m>', '</@m>'],
  ])('may be so a hundred times: %s', (begin, end) => {
    const nested = (times: number) => begin.repeat(times) + end.repeat(times)
    expect(faultsIn(nested(100))).toEqual([])
    expect(faultsIn(nested(101))).toEqual([
      `1:${100 * begin.length + 1}: directives are nested too deeply`,
    ])
    // One behind another is not within it.
    expect(faultsIn((begin + end).repeat(200))).toEqual([])
  })

  it.each([
    ['brackets', (times: number) => `${'('.repeat(times)}a${')'.repeat(times)}`],
    ['negations', (times: number) => `${'!'.repeat(times)}a`],
    ['minuses', (times: number) => `${'-'.repeat(times)}a`],
    ['indices', (times: number) => `${'a['.repeat(times)}b${']'.repeat(times)}`],
    ['values', (times: number) => `${'a('.repeat(times)}b${')'.repeat(times)}`],
    ['sequences', (times: number) => `${'['.repeat(times)}b${']'.repeat(times)}`],
    ['defaults', (times: number) => `${'a!('.repeat(times)}b${')'.repeat(times)}`],
  ])('may be so forty times, but not a thousand: %s', (_, nested) => {
    const deep = ['the expression is nested too deeply', 'the expression is too long']
    expect(faultsIn(`\${${nested(40)}}`)).toEqual([])
    expect(deep).toContain(faultsIn(`\${${nested(1_000)}}`)[0]?.replace(/^\d+:\d+: /, ''))
  })

  it('is counted for one directive at a time', () => {
    expect(faultsIn('${a?trim + b}'.repeat(400))).toEqual([])
    expect(faultsIn(`\${a${' + a'.repeat(500)}}`)).toEqual([])
    expect(faultsIn(`\${a${' + a'.repeat(501)}}`)).toEqual(['1:2007: the expression is too long'])
  })
})
