// biome-ignore-all lint/suspicious/noTemplateCurlyInString: FreeMarker's values look like JavaScript's
import { describe, expect, it } from '@jest/globals'
import { attributeValue } from '../../../../lib/notifications/ecos-templates/attribute-value.ts'
import { written } from '../../../../lib/notifications/ecos-templates/liquid.ts'
import { rendered } from './translated.ts'

/** The attribute in Liquid. */
function inLiquid(attribute: string, record = ''): string {
  const found = attributeValue('value', attribute, record)
  return 'problem' in found ? found.problem : written(found.value)
}

/** What is written of an attribute. */
function arriving(attribute: string, attributes: Record<string, unknown> = {}): string {
  const settings = { customData: { value: 'given' }, event: { taskTitle: 'Task' } }
  return rendered('${value}', { model: { value: attribute }, attributes, ...settings })
}

describe('an attribute of a model', () => {
  it.each([
    ['a', { a: 'x' }, 'x'],
    ['a?disp', { a: 'x' }, 'x'],
    ['a?str', { 'a?str': 'x' }, 'x'],
    ['a?num', { 'a?num': 1234567 }, '1\u00a0234\u00a0567'],
    ['a?bool', { 'a?bool': true }, 'true'],
    ['?disp', { '?disp': 'x' }, 'x'],
    ['.disp', { '?disp': 'x' }, 'x'],
    ['.str', { '?str': 'x' }, 'x'],
    ['?disp', {}, 'Contract 42'],
    ['?id', {}, 'emodel/contract@42'],
    ['.id', {}, 'emodel/contract@42'],
    ['?assoc', {}, 'emodel/contract@42'],
    ['.assoc', {}, 'emodel/contract@42'],
    ['$webUrl', {}, 'https://ecos.acme.example'],
    ['$task.title', {}, 'Task'],
    ['$task.title?str', {}, 'Task'],
    ['$task.title?disp', {}, 'Task'],
    ['$process.comment', {}, 'given'],
    ['$process.comment?str', {}, 'given'],
  ])('%s is written with %j', (attribute, attributes, text) => {
    expect(arriving(attribute, attributes)).toBe(text)
  })

  it.each([
    ['a!b', { a: 'x', b: 'y' }, 'x'],
    ['a!b', { b: 'y' }, 'y'],
    ["a!b!'z'", {}, 'z'],
    ['a!b!"z"', {}, 'z'],
    ["a!'it!s'", {}, 'it!s'],
    ['a!"it\'s!"', {}, 'it&#39;s!'],
    ["a!''", {}, ''],
    ['a!', {}, ''],
    ['a ! b', { b: 'y' }, 'y'],
    ["'x'", {}, 'x'],
    ["a!'b\nc'", {}, 'b\nc'],
    ['a!?disp', {}, 'Contract 42'],
    ['a!$process.comment', {}, 'given'],
    ['$process.a!$process.b', {}, 'given'],
  ])('%s takes what is there of %j', (attribute, attributes, text) => {
    expect(arriving(attribute, attributes)).toBe(text)
  })

  // As ecos-records reads them: numbers, truth values and nothing are no attributes, and what an empty one is
  // depends on what was asked for.
  it.each([
    ['a?num!0', {}, '0'],
    ['a?num!1000', {}, '1\u00a0000'],
    ['a?num!0.5', {}, '0,5'],
    ['a?num!7', { 'a?num': 0 }, '0'],
    ['a!5', {}, '5'],
    ['a!5', { a: 'x' }, 'x'],
    ['a?num!', {}, '0'],
    ['a?num!b?num!', { 'b?num': 3 }, '3'],
    ['a?bool!', {}, 'false'],
    ['a?bool!true', {}, 'true'],
    ['a?bool!true', { 'a?bool': false }, 'false'],
    ['a?bool!b?bool', { 'a?bool': false, 'b?bool': true }, 'false'],
    ['a!true', {}, 'true'],
    ['a!null', {}, ''],
    ["a!null!'x'", {}, 'x'],
    ['a?str!', {}, ''],
    ['amount?num! ', {}, '0'],
    ['b!a?num!', {}, ''],
    ['a!b5', { b5: 'y' }, 'y'],
    ['a?num!0.55', {}, '0,55'],
    ['a! !b', { b: 'y' }, 'y'],
    ['list[]!', {}, ''],
    ['list[]?num!', {}, ''],
    ['list[]![]', {}, ''],
  ])('%s takes a constant of %j', (attribute, attributes, text) => {
    expect(arriving(attribute, attributes)).toBe(text)
  })

  it.each([
    ["a | fmt('dd.MM.yyyy')", '28.11.2026'],
    ['a|fmt("dd.MM.yyyy")', '28.11.2026'],
    ["a | fmt( 'dd.MM' ) ", '28.11'],
    ["a!b | fmt('yyyy')", '2026'],
  ])('%s is a date of that pattern', (attribute, text) => {
    expect(arriving(attribute, { a: '2026-11-28T10:20:30Z' })).toBe(text)
  })

  it.each([
    ['title', 'event.attributes["record.title"]'],
    ['?str', 'event.attributes["record?str"]'],
    ['.str', 'event.attributes["record?str"]'],
    ['?disp', 'document'],
    ['.disp', 'document'],
    ['?id', 'event.docId'],
    ['a.b?num', 'event.attributes["record.a.b?num"]'],
    ["a!'x'", 'event.attributes["record.a"] | default: "x"'],
  ])('%s is that of the record in an event 2.0', (attribute, liquid) => {
    expect(inLiquid(attribute, 'record')).toBe(liquid)
  })

  it('is given by the subscription where it was given by the sender, in one name', () => {
    expect(attributeValue('comment', '$process.comment', '')).toMatchObject({
      value: { base: 'customData.comment', filters: [] },
      isGiven: true,
    })
    expect(attributeValue('comment', 'a!$process.comment', '')).toMatchObject({ isGiven: true })
    expect(attributeValue('both', '$process.a!$process.b', '')).toMatchObject({
      value: { base: 'customData.both', filters: [] },
      isGiven: true,
    })
    expect(attributeValue('it s', '$process.a', '')).toMatchObject({
      value: { base: 'customData["it s"]' },
    })
    for (const known of ['$now', '$webUrl', '$task.title', '$task.dueDate?str', 'a', "'x'"]) {
      expect([known, attributeValue('name', known, '')]).not.toMatchObject([
        known,
        { isGiven: true },
      ])
    }
  })

  it.each([
    'parts[]{name}',
    'a!parts[]{name}',
    'a.b{c,d}',
    'a..b',
    "a | fmt('dd') | join(',')",
    "a!b'c'",
  ])('%s is refused: no event has it', (attribute) => {
    expect(attributeValue('value', attribute, '')).toEqual({ problem: expect.any(String) })
  })
})
