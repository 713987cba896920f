// biome-ignore-all lint/suspicious/noTemplateCurlyInString: FreeMarker's values look like JavaScript's
import { describe, expect, it } from '@jest/globals'
import { renderedText } from './translated.ts'

const options = {
  model: { s: 'title', ref: '.id', other: '_parent?id', l: 'list[]', t: 'yes?bool' },
  attributes: { title: 'A', 'list[]': ['x', 'y'], 'yes?bool': true },
}
const textOf = (template: string) => renderedText(template, options)

describe('the text of a template in HTML', () => {
  it.each([
    ['<h1>a</h1>b', 'a\n\nb'],
    ['<h6>a</h6>b', 'a\n\nb'],
    ['a<table><tr><td>b</td></tr></table>c', 'a\n\nb\n\nc'],
    ['a<ol><li>b</ol>c', 'a\n\n- b\n\nc'],
    ['a<blockquote>b</blockquote>c<hr>d', 'a\n\nb\n\nc\n\nd'],
    ['<p>a</p>\n\n<p>b</p>', 'a\n\nb'],
    ['<p>a</p><p></p><p>b</p>', 'a\n\nb'],
    ['<p>a</p><div>b</div>', 'a\n\nb'],
    ['<div>a</div><p>b</p>', 'a\n\nb'],
    ['<P>a</P><Div>b</Div>', 'a\n\nb'],
  ])('has paragraphs where HTML has them: %s', (template, text) => {
    expect(textOf(template)).toBe(text)
  })

  it.each([
    ['a<br>b', 'a\nb'],
    ['a<br/>b', 'a\nb'],
    ['a <br> b', 'a\nb'],
    ['<div>a</div><div>b</div>c', 'a\nb\nc'],
    ['<div><div>a</div></div>b', 'a\nb'],
    ['<tr><th>a</th><th>b</th></tr><tr><td>c</td></tr>', 'a b\nc'],
    ['<dl><dt>a</dt><dd>b</dd></dl>', 'a\nb'],
    ['a<pre>b</pre><section>c</section><caption>d</caption>', 'a\nb\nc\nd'],
    ['<li>a<li>b', '- a\n- b'],
    ['<li>\n a</li>', '- a'],
    ['<span>a</span><b>b</b><i> c</i>', 'ab c'],
    ['<pre-x>a</pre-x>b', 'ab'],
    ['  a  \n  b  ', 'a b'],
    ['a<b> </b>b', 'a b'],
    ['a <b> b</b>', 'a b'],
    ['a&nbsp;&nbsp;b', 'a b'],
  ])('has lines and spaces where HTML has them: %s', (template, text) => {
    expect(textOf(template)).toBe(text)
  })

  it.each([
    ['<a href="https://x.example">a</a>', 'a (https://x.example)'],
    ["<a href='https://x.example'>a</a>", 'a (https://x.example)'],
    ['<a href=https://x.example>a</a>', 'a (https://x.example)'],
    ['<A class="b" HREF = "https://x.example" >a</A>b', 'a (https://x.example)b'],
    ['<a\nhref="https://x.example">a</a>', 'a (https://x.example)'],
    ['<a data-href="y">a</a>', 'a'],
    ['<a href="">a</a>', 'a'],
    ['<a>a</a>', 'a'],
    ['see <a href="https://x.example">https://x.example</a>', 'see https://x.example'],
    ['<a href="https://x.example"> https://x.example </a>', 'https://x.example'],
    ['a</a>b', 'ab'],
    ['<a href="${link.getRecordLink(ref)}">a</a>', 'a'],
    ['<a href="https://x.example/${s}?${s}">a</a>', 'a (https://x.example/A?A)'],
    ['<a href="https://x.example/?a=&quot;&amp;b">a</a>', 'a (https://x.example/?a="&b)'],
    ['<a href="https://x.example"><b>a</b> ${s}</a>.', 'a A (https://x.example).'],
    ['<a href="https://x.example"><#if t>a<#else>b</#if></a>', 'a (https://x.example)'],
    [
      '<a href="https://x.example">a</a> <a href="https://y.example">b</a>',
      'a (https://x.example) b (https://y.example)',
    ],
    ['<a href="<#if t>https://x.example<#else>y</#if>">a</a>', 'a (https://x.example)'],
    ['<img src="https://x.example">a', 'a'],
    ['<link href="https://x.example">a', 'a'],
  ])('has the address of a link behind its label: %s', (template, text) => {
    expect(textOf(template)).toBe(text)
  })

  it.each([
    ['<!DOCTYPE html><p>a</p>', 'a'],
    ['<head><meta charset="utf-8">b</head>a', 'a'],
    ['<title>b</title>a', 'a'],
    ['<STYLE>b</STYLE>a', 'a'],
    ['<script>if (1<2) { "</p>" }</script>a', 'a'],
    ['<script src="b"></script>a', 'a'],
    ['<style>${s}</style>a', 'a'],
    ['<style><#if t>b</#if></style>a', 'a'],
    ['<head><#assign x = 1></head>${x}', '1'],
    ['a<!-- b <p> c -->d', 'ad'],
    ['<p>a</p><!-- <a href="b"> -->', 'a'],
    ['a<!-- b', 'a'],
    ['<style>a</style><style>b</style>c', 'c'],
    ['<style><!-- a</style>b', 'b'],
  ])('has nothing of what nobody sees: %s', (template, text) => {
    expect(textOf(template)).toBe(text)
  })

  it.each([
    ['<p>a < b, c <3</p>', 'a < b, c <3'],
    ['<p>a > b</p>', 'a > b'],
    ['<p>&lt;b&gt;</p>', '<b>'],
    ['<p title="a > b">c</p>', 'c'],
    ["<p title='a > \" b'>c</p>", 'c'],
    ['<p title="${s} > b">c</p>', 'c'],
    ['<p <#if t>title="b"</#if> class=c>d</p>', 'd'],
    ['<p title="a<#if t>b<#else>c</#if>d">e</p>', 'e'],
    ['<p title="it\'s">a</p>b', 'a\n\nb'],
    ['<p title="a>${s}">b</p>', 'b'],
    ['<#if t><p title="<#if t>b</#if>">c</p></#if>d', 'c\n\nd'],
    ['<p title="<#switch s><#case "A">b<#break><#default>c</#switch>">d</p>', 'd'],
    ['<p title="<#switch s><#case s>b<#break><#case t>c</#switch>">d</p>', 'd'],
    ['<p title="<#switch s><#default>c</#switch>">d</p>', 'd'],
    ['<p>{{ s }} {% if %}</p>', '{{ s }} {% if %}'],
    ['<p>${"<"}b</p>', '<b'],
  ])('has the text that HTML has: %s', (template, text) => {
    expect(textOf(template)).toBe(text)
  })

  it.each([
    ['a<#if t> b<#else> c</#if> d', 'a b d'],
    ['<#if t><p>a</p><#else>b</#if>c', 'a\n\nc'],
    ['<p>a</p><#if !t>b<#else> c</#if>', 'a\n\nc'],
    ['a<br><#if !t>b <#else> c</#if>', 'a\nc'],
    ['<ul><#list l as x><li>${x}</li></#list></ul>b', '- x\n- y\n\nb'],
    ['<#list l as x>${x}<#sep>, </#list>', 'x, y'],
    ['<table><#list l as x><tr><td>${x}</td><td>b</td></tr></#list></table>c', 'x b\ny b\n\nc'],
  ])('has in each branch and round what belongs there: %s', (template, text) => {
    expect(textOf(template)).toBe(text)
  })

  it.each([
    ['<#if t><a href="x"></#if>y</a>'],
    ['<#if t>a<#else><a href="x"></#if>y</a>'],
    ['<a href="x"><#if t></a></#if>'],
    ['<#if t><a href="x">a<#else>b</a></#if>'],
    ['<#if t><p</#if>>y'],
    ['<p <#if t>></#if>'],
    ['<p title="<#if t>"</#if>">'],
    ['<p <#if t>title="<#else>title="</#if>a">'],
    ['<#if t><style></#if>a</style>'],
    ['<style><#if t></style></#if>'],
    ['<#list l as x><a href="y"></#list>'],
  ])('is refused where a tag does not end where it begins: %s', (template) => {
    expect(() => textOf(template)).toThrow(
      'a tag of HTML begins within a condition or loop and ends outside of it',
    )
  })
})
