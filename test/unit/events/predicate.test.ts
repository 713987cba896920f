import { describe, expect, it } from '@jest/globals'
import { attributesOf, predicate } from '../../../lib/events/predicate.ts'

const eq = { t: 'eq', att: 'assignee', val: 'ivanov' }

function faultsOf(value: unknown): string[] {
  const { error } = predicate.safeParse(value)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

function nested(depth: number): unknown {
  let one: unknown = eq
  for (let at = 1; at < depth; at += 1) one = { t: 'not', val: one }
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
    [nested(100_000), ': at most 10 nested predicates'],
    [{ t: 'or', val: Array(100).fill(eq) }, ': at most 10 nested predicates'],
  ])('that does not fit is refused by its place', (given, fault) => {
    expect(faultsOf(given).join('\n').slice(0, fault.length)).toBe(fault)
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
  })

  it('names the attributes that it looks at, each once', () => {
    const either = { t: 'or', val: [eq, { t: 'not-empty', att: 'document.title' }] }
    const both = predicate.parse({ t: 'and', val: [eq, either] })
    expect(attributesOf(both)).toEqual(['assignee', 'document.title'])
  })
})
