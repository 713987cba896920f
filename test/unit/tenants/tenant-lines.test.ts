import { describe, expect, it } from '@jest/globals'
import { copyFields, cutLines, partWith, tenantLines } from '../../../lib/tenants/tenant-lines.ts'

const text = `# top
tenants:
  # of a
# of a, too
  a:
    events: [task.create] # beside

    # below a
      # below a, too

  # heading of b

  # of b
  b: {}
  # above c
  c: # beside c
    # of its field
    locale:
    # below c
# of d
  'd': &d { locale: ru,
    cell: main }
  e: *d
  f:
    events:
      - task.create
      - { a: 1,
          b: 2 }
      # below the list
  g:
  5:
# the end
brokers: {}
`

describe('the lines of a tenant', () => {
  const indentation = 2
  it.each([
    ['a', { start: 2, key: 4, contentEnd: 6, end: 9 }],
    ['b', { start: 12, key: 13, contentEnd: 14, end: 14 }],
    ['c', { start: 14, key: 15, contentEnd: 18, end: 19 }],
    ['d', { start: 19, key: 20, contentEnd: 22, end: 22 }],
    ['e', { start: 22, key: 22, contentEnd: 23, end: 23 }],
    ['f', { start: 23, key: 23, contentEnd: 28, end: 29 }],
    ['g', { start: 29, key: 29, contentEnd: 30, end: 30 }],
    ['5', { start: 30, key: 30, contentEnd: 31, end: 31 }],
  ])('%s are its own, with the comments above, beside and below', (id, lines) => {
    expect(tenantLines(text).get(id)).toEqual({ ...lines, indentation })
  })

  it('are there for each tenant, and for nothing else', () => {
    expect([...tenantLines(text).keys()]).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', '5'])
  })

  it('may have any indentation, in the first line and the last', () => {
    expect([...tenantLines('tenants:\n   a:\n      locale: en')]).toEqual([
      ['a', { start: 1, key: 1, contentEnd: 3, end: 3, indentation: 3 }],
    ])
    expect([
      ...tenantLines('tenants:\n    # above\n  a:\n    locale: en\n      # below\n\n'),
    ]).toEqual([['a', { start: 2, key: 2, contentEnd: 4, end: 5, indentation: 2 }]])
  })

  it('end before the comments of the next tenant, whatever stands last', () => {
    const ends = (last: string) => {
      const of = `tenants:\n  a:\n${last}  # of b\n  b:\n`
      const { contentEnd, end } = tenantLines(of).get('a') ?? {}
      const nr = last.split('\n').length - 1
      return [contentEnd, end].map((line) => (line ?? 0) - 2 - nr)
    }
    expect(ends('    events:\n')).toEqual([0, 0])
    expect(ends('    locale: # beside\n')).toEqual([0, 0])
    expect(ends('    events:\n      - x\n      -\n')).toEqual([0, 0])
    expect(ends('    events:\n      - - x\n')).toEqual([0, 0])
    expect(ends('    events:\n      - - x\n        # below\n')).toEqual([-1, 0])
    expect(ends('    events:\n      - t: x\n        # below\n      # below\n')).toEqual([-2, 0])
    expect(ends('    events: [x,\n      y]\n')).toEqual([0, 0])
    expect(ends('    name: >-\n      two\n\n      lines\n')).toEqual([0, 0])
    expect(ends('    name: two\n      lines\n    # below\n')).toEqual([-1, 0])
    expect(ends('    name: |\n      two\n      lines\n')).toEqual([0, 0])
    expect(ends('    ? name\n')).toEqual([0, 0])
    expect(ends('    a: 1\n \n    # below\n   \n')).toEqual([-3, -1])
  })

  it('are found among thousands', () => {
    const ids = Array.from({ length: 3_000 }, (_, at) => `t${at}`)
    const lines = tenantLines(`tenants:\n${ids.map((id) => `  ${id}:\n    locale: en\n`).join('')}`)
    expect(ids.filter((id, at) => lines.get(id)?.key !== 1 + 2 * at)).toEqual([])
  })

  it.each([
    '',
    'tenants:',
    'tenants: {}',
    'tenants: { a: {} }',
    'tenants: [a]',
    'brokers:\n  a: 1',
  ])('do not exist in %j', (of) => expect([...tenantLines(of)]).toEqual([]))

  it('are not known of a key that is no scalar', () => {
    expect([...tenantLines('tenants:\n  [a]: {}\n  b: {}\n').keys()]).toEqual(['b'])
  })
})

describe('without its lines', () => {
  const cut = (of: string, start: number, end: number) =>
    cutLines(of, { start, key: start, contentEnd: end, end, indentation: 0 })

  it.each([
    ['a\nb\nc', 1, 2, 'a\nc'],
    ['a\nb\nc\nd', 1, 3, 'a\nd'],
    // Of two empty lines that meet, one goes.
    ['a\n\nb\n\nc', 2, 3, 'a\n\nc'],
    ['a\n  \nb\n \nc', 2, 3, 'a\n \nc'],
    ['a\n\nb\nc', 2, 3, 'a\n\nc'],
    ['a\nb\n\nc', 1, 2, 'a\n\nc'],
    ['a\n\nb', 2, 3, 'a'],
    ['a\n\nb\n', 2, 3, 'a\n'],
  ])('%j, from %i to %i, is %j', (of, start, end, left) => {
    expect(cut(of, start, end)).toBe(left)
  })
})

describe('a part of a file', () => {
  const ids = Array.from({ length: 30 }, (_, at) => `t${at}`)
  const block = (id: string) => `  # of ${id}\n  ${id}:\n    locale: en\n    # below ${id}\n`
  const of = (some: readonly string[]) => `# top\ntenants:\n${some.map(block).join('')}\n# end\n`
  const part = (id: string) => partWith(id, of(ids), tenantLines(of(ids)))

  it('has the first twenty tenants and the one that is edited, without what stands below it', () => {
    expect(part('t25')).toBe(
      of([...ids.slice(0, 20), 't25']).replace('\n    # below t25\n\n# end\n', ''),
    )
    expect(part('t3')).toBe(of(ids.slice(0, 20)).replace('    # below t3\n  # of t4\n', ''))
  })

  it('has room for one that is new at its end', () => {
    expect(part('new')).toBe(of(ids.slice(0, 20)))
  })

  it('is the whole of a small file', () => {
    const small = 'tenants:\n  a:\n    locale: en\n\n    # below\n  b:\n'
    expect(partWith('b', small, tenantLines(small))).toBe(small.trimEnd())
    expect(partWith('a', small, tenantLines(small))).toBe('tenants:\n  a:\n    locale: en\n  b:\n')
    expect(partWith('c', small, tenantLines(small))).toBe(small)
  })
})

it('the fields of a tenant take the place of others, as far in as those', () => {
  const from = 'tenants:\n    # above\n    a:\n        locale: en\n      \n        cell: main\n'
  const at = tenantLines(from).get('a')
  if (at === undefined) throw new Error('no lines')
  const to = 'x\n  a:\n    old: 1\n    old: 2\n  b:\n'
  expect(copyFields(to, { key: 1, contentEnd: 4, indentation: 2 }, { text: from, at })).toBe(
    'x\n  a:\n      locale: en\n\n      cell: main\n  b:\n',
  )
  expect(copyFields(to, { key: 4, contentEnd: 4, indentation: 0 }, { text: from, at })).toBe(
    'x\n  a:\n    old: 1\n    old: 2\na:\n    locale: en\n\n    cell: main\n  b:\n',
  )
})
