import { describe, expect, it } from '@jest/globals'
import { attributesOf, predicate } from '../../../lib/events/predicate.ts'

const eq = { t: 'eq', att: 'assignee', val: 'ivanov' }

function faultsOf(value: unknown): string[] {
  const { error } = predicate.safeParse(value)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

function nested(depth: number, name = 'val'): unknown {
  let one: unknown = eq
  for (let at = 1; at < depth; at += 1) one = { t: 'not', [name]: one }
  return one
}

describe('a predicate', () => {
  it.each([
    [{ t: 'eq', a: 'assignee', v: 'ivanov' }, eq],
    [
      { t: 'not-eq', att: 'assignee', val: 'ivanov' },
      { t: 'not', val: eq },
    ],
    [
      { t: 'and', v: [eq, { t: 'empty', a: 'docId' }] },
      { t: 'and', val: [eq, { t: 'empty', att: 'docId' }] },
    ],
  ])('has one form, whichever of ECOS’s it came in: %j', (given, normal) => {
    expect(predicate.parse(given)).toEqual(normal)
    expect(predicate.parse(predicate.parse(given))).toEqual(normal)
  })

  it.each([
    [{ t: 'and', val: [eq, { t: 'like', att: 'x', val: '%' }] }, 'val.1.t: t is one of and, or,'],
    [{ t: 'or', val: [{ t: 'eq', att: 'x', val: null }] }, 'val.0.val: a text, a number,'],
    [{ t: 'not', val: { t: 'in', att: 'x', val: 'a' } }, 'val.val: Invalid input: expected array'],
    [{ t: 'gt', att: 'dueDate', val: '$NOW' }, 'val: a fixed value'],
    [{ t: 'le', att: 'dueDate', val: '-P10D' }, 'val: a fixed value'],
    [{ t: 'ge', att: 'dueDate', val: '2020-01-01T00:00:00Z/P1M' }, 'val: a fixed value'],
    [{ t: 'eq', att: 'createdDate', val: '$TODAY' }, 'val: a fixed value'],
    [{ t: 'not-eq', att: 'createdDate', val: '$NOW' }, 'val.val: a fixed value'],
    [{ t: 'eq', att: 'createdDate', val: '-P2Y/$NOW' }, 'val: a fixed value'],
    [{ t: 'eq', att: 'createdDate', val: '-P2Y/P1Y' }, 'val: a fixed value'],
    [{ t: 'eq', att: 'createdDate', val: 'P1DT2H/$NOW' }, 'val: a fixed value'],
    [{ t: 'eq', att: 'createdDate', val: '-PT1.5H' }, 'val: a fixed value'],
    [{ t: 'eq', att: 'createdDate', val: '2020-01-01/2020-02-01' }, 'val: a fixed value'],
    [{ t: 'eq', att: 'createdDate', val: '2020-01-01T00:00:00Z/P1M' }, 'val: a fixed value'],
    [{ t: 'in', att: 'createdDate', val: ['2020-01-01', '$TODAY'] }, 'val.1: a fixed value'],
    [{ t: 'contains', att: 'createdDate', val: '$TODAY' }, 'val: a fixed value'],
    [{ t: 'and', val: [] }, 'val: Too small'],
    [{ t: 'eq', att: '', val: 1 }, 'att: Too small'],
    [{ t: 'eq', att: 'x', val: 'a'.repeat(1001) }, 'val: Too big'],
    [{ ...eq, a: 'other' }, ': Unrecognized key: "a"'],
    [{ ...eq, constructor: 1 }, ': Unrecognized key: "constructor"'],
    [JSON.parse('{"t":"eq","att":"x","val":1,"__proto__":{}}'), ': Unrecognized key: "__proto__"'],
    [{ att: 'x', val: 1 }, 't: t is one of'],
    ['event.assignee == "ivanov"', ': Invalid input: expected object'],
    [nested(11), ': at most 10 nested predicates'],
    [nested(100_000), ': at most 10 nested predicates and 100 in total'],
    [nested(11, 'v'), ': at most 10 nested predicates'],
    [{ t: 'or', v: Array(100).fill(eq) }, ': at most 10 nested predicates'],
    [{ t: 'and', val: Array(5).fill({ t: 'or', val: Array(20).fill(eq) }) }, ': at most 10'],
    [null, ': Invalid input: expected object'],
    [undefined, ': Invalid input: expected object'],
    [[eq], ': Invalid input: expected object'],
    [{ t: 'not-', att: 'x', val: 1 }, 'val.t: t is one of'],
    [{ t: 'Eq', att: 'x', val: 1 }, 't: t is one of'],
    [{ t: 5, att: 'x', val: 1 }, 't: t is one of'],
    [{ t: 'in', att: 'x', val: [] }, 'val: Too small'],
    [{ t: 'in', att: 'x', val: Array(101).fill('a') }, 'val: Too big'],
    [{ t: 'in', att: 'x', val: ['a', null] }, 'val.1: a text, a number'],
    [{ t: 'eq', att: 'a'.repeat(257), val: 1 }, 'att: Too big'],
    [{ t: 'empty', att: '' }, 'att: Too small'],
    [{ t: 'empty', att: 'x', val: 1 }, ': Unrecognized key: "val"'],
    [{ t: 'not', val: eq, att: 'x' }, ': Unrecognized key: "att"'],
    [{ t: 'or', val: [eq], att: 'x' }, ': Unrecognized key: "att"'],
    [{ t: 'in', att: 'x', val: ['a'], more: 1 }, ': Unrecognized key: "more"'],
    [{ t: 'gt', att: 'x', val: 1, more: 1 }, ': Unrecognized key: "more"'],
    [{ t: 'eq', att: 'x', v: 1, val: 2 }, ': Unrecognized key: "v"'],
    [{ t: 'or', val: Array(100).fill(eq) }, ': at most 10 nested predicates'],
  ])('that does not fit is refused by its place', (given, fault) => {
    expect(faultsOf(given).join('\n').slice(0, fault.length)).toBe(fault)
  })

  it.each([
    ['eq', 5],
    ['contains', 'x'],
    ['in', [true, 'x', 1.5]],
    ['gt', 5],
    ['ge', '2026-01-01'],
    ['lt', false],
    ['le', 'x'],
  ])('may be %s with %j', (t, val) => {
    expect(predicate.parse({ t, att: 'x', val })).toEqual({ t, att: 'x', val })
  })

  it('may order texts that only look a little like an interval', () => {
    expect(faultsOf({ t: 'ge', att: 'docId', val: 'workspace://SpacesStore/2020-01-01' })).toEqual(
      [],
    )
  })

  it.each([
    'P10D',
    'P1',
    '2026-01-15/47',
    '2026-01-15/P-7',
    'price: $NOW',
    '-P',
    '-P10Delta',
    '-Price',
  ])('may look for the text %s, which is no time relative to now', (val) => {
    expect(faultsOf({ t: 'eq', att: 'docNumber', val })).toEqual([])
    expect(faultsOf({ t: 'in', att: 'docNumber', val: [val] })).toEqual([])
    expect(faultsOf({ t: 'contains', att: 'docNumber', val })).toEqual([])
  })

  it('of the greatest size allowed is taken', () => {
    expect(faultsOf(nested(10))).toEqual([])
    expect(faultsOf({ t: 'or', val: Array(99).fill(eq) })).toEqual([])
    expect(faultsOf({ t: 'in', att: 'x', val: Array(100).fill('a') })).toEqual([])
    expect(faultsOf({ t: 'eq', att: 'a'.repeat(256), val: 'a'.repeat(1000) })).toEqual([])
  })

  it('names the attributes that it looks at, each once', () => {
    const either = { t: 'or', val: [eq, { t: 'not-empty', att: 'document.title' }] }
    const both = predicate.parse({ t: 'and', val: [eq, either] })
    expect(attributesOf(both)).toEqual(['assignee', 'document.title'])
    expect(attributesOf(predicate.parse(eq))).toEqual(['assignee'])
  })
})
