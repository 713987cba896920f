import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addTenant, changeTenant, removeTenant } from '../../../lib/tenants/edit-file.ts'

const commented = `# The tenants of the north.
tenants:
  # the first
  acme:
    events: [task.create, task.assign] # more later

    # by contract
    locale: en
  '007': {}
  "Ёлка и Ко":
    events:
    - task.create

# the end
`
const anchored = 'tenants:\n  a: &a\n    events: [task.create]\n  b: *a\n'
const file = { text: commented, file: 'tenants.yml' }

/** The lines of a tenant: comments above, beside and below, in each shape that YAML allows. */
const block = fc
  .record({
    space: fc.boolean(),
    heading: fc.boolean(),
    above: fc.integer({ min: 0, max: 2 }),
    fields: fc.constantFrom(
      [': {}'],
      [': {} # beside'],
      [':'],
      [': # beside'],
      [':', '    locale: en'],
      [':', '    # of the locale', '    locale: en # beside', '    events: [task.create]'],
      [': # beside', '    events:', '      # of it', '      - task.create # beside'],
      [': { locale: en,', '      events: [task.create] } # beside'],
    ),
    below: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ space, heading, above, fields, below }) => ({
    before: [...(space || heading ? [''] : []), ...(heading ? ['  # heading', ''] : [])],
    lines: (id: string) => [
      ...Array.from({ length: above }, (_, at) => `  # above ${id} ${at}`),
      ...fields.map((line, at) => (at === 0 ? `  ${id}${line}` : line)),
      ...(fields.length > 1 ? Array.from({ length: below }, () => `    # below ${id}`) : []),
    ],
  }))

type Block = typeof block extends fc.Arbitrary<infer T> ? T : never

/** A tenants.yml of the tenants t0, t1, …; only the headings stay of the tenant that is left out. */
function textOf(blocks: readonly Block[], without?: number): string {
  const tenants = blocks.flatMap(({ before, lines }, index) => [
    ...before,
    ...(index === without ? [] : lines(`t${index}`)),
  ])
  const isEmpty = blocks.length === 1 && without === 0
  return ['# top', isEmpty ? 'tenants: {}' : 'tenants:', ...tenants, '', '# end', ''].join('\n')
}

describe('an edit of tenants.yml', () => {
  it('adds a tenant at the end, and leaves every other line alone', () => {
    const added = addTenant(file, '1.10', {
      events: ['task.create'],
      locale: undefined,
      cell: 'north',
    })
    const lines = added.split('\n')
    expect(commented.split('\n').filter((line) => !lines.includes(line))).toEqual([])
    expect(added).toContain('"1.10":\n    events:\n    - task.create\n    cell: north\n')
  })

  it('keeps the fields of a tenant that is an alias of another', () => {
    const text = 'tenants:\n  a: &a\n    events: [task.create]\n  b: *a\n'
    expect(changeTenant({ ...file, text }, 'b', { partition: 3 })).toBe(
      `${text.replace('*a', '').trimEnd()}\n    events:\n      - task.create\n    partition: 3\n`,
    )
  })

  it.each([
    ['move', () => changeTenant({ ...file, text: anchored }, 'a', { partition: 3 })],
    ['removal', () => removeTenant({ ...file, text: anchored }, 'a')],
  ])('refuses the %s of a tenant whose anchor others use', (_, edit) => {
    expect(edit).toThrow(expect.objectContaining({ code: 'invalid-tenants' }))
    expect(edit).toThrow('anchor')
  })

  it('keeps the line ends of a file from Windows', () => {
    const text = '# top\r\ntenants:\r\n  a:\r\n    locale: en # first\r\n'
    expect(addTenant({ ...file, text }, 'b', { locale: 'ru' })).toBe(
      `${text}  b:\r\n    locale: ru\r\n`,
    )
  })

  it('keeps the comment beside a tenant that is an alias of another', () => {
    const text = 'tenants:\n  a: &a\n    locale: en\n  b: *a # as a\n'
    expect(changeTenant({ ...file, text }, 'b', { partition: 3 })).toContain('# as a\n')
  })

  it.each([
    ['&a', '*a', ''],
    ['&a ~', '*a # as a', '    # as a\n'],
  ])('gives fields to a tenant that is the alias of an empty one: %s, %s', (a, b, comment) => {
    const text = `tenants:\n  a: ${a}\n  b: ${b}\n`
    expect(changeTenant({ ...file, text }, 'b', { partition: 3 })).toBe(
      `tenants:\n  a: ${a}\n  b:\n${comment}    partition: 3\n`,
    )
  })

  it('keeps the fields of an alias among many tenants', () => {
    const others = Array.from({ length: 30 }, (_, at) => `  t${at}:\n`).join('')
    const text = `tenants:\n${others}  a: &a\n    locale: en\n  b: *a\n`
    expect(changeTenant({ ...file, text }, 'b', { partition: 3 })).toBe(
      text.replace(' *a\n', '\n    locale: en\n    partition: 3\n'),
    )
  })

  it('keeps an anchor within a tenant, and what is an alias of it', () => {
    const text =
      'tenants:\n  a:\n    events: &e [task.create]\n  b:\n    locale: en\n    events: *e\n'
    expect(changeTenant({ ...file, text }, 'b', { locale: 'ru' })).toBe(
      text.replace(': en', ': ru'),
    )
    expect(changeTenant({ ...file, text }, 'a', { partition: 3 })).toBe(
      text.replace('  b:', '    partition: 3\n  b:'),
    )
  })

  it.each([
    // Lists further in, or not; space within braces, or not.
    ['a:\n    events:\n    - task.create', 'b:', 'b:\n    events:\n    - task.create'],
    ['a:\n    events:\n      - task.create', 'b:', 'b:\n    events:\n      - task.create'],
    ['a: {locale: en}', 'b: {locale: en}', 'b: {locale: en, events: [task.create]}'],
    ['a: { locale: en }', 'b: { locale: en }', 'b: { locale: en, events: [ task.create ] }'],
    ['a: { locale: en }', 'b:', 'b:\n    events:\n      - task.create'],
    ['a: {locale: en}\n  c: {locale: en}', 'b: { }', 'b: {events: [task.create]}'],
    [
      'a: {locale: en}\n  c:\n    events:\n    - task.create',
      'b: {locale: en}',
      'b: {locale: en, events: [task.create]}',
    ],
  ])('is written in the style of the file: %j, %j', (others, before, after) => {
    const text = `tenants:\n  ${others}\n  ${before}\n`
    expect(changeTenant({ ...file, text }, 'b', { events: ['task.create'] })).toBe(
      `tenants:\n  ${others}\n  ${after}\n`,
    )
  })

  it('folds no long line', () => {
    const name = 'long '.repeat(19).trim()
    const text = `tenants:\n  a:\n    name: ${name}\n`
    expect(changeTenant({ ...file, text }, 'a', { locale: 'en' })).toBe(`${text}    locale: en\n`)
    expect(changeTenant({ ...file, text: `tenants: { a: {} }\n` }, 'a', { name })).toBe(
      `tenants: { a: { name: ${name} } }\n`,
    )
  })

  it('gives a tenant fields whose key stands alone', () => {
    const text = 'tenants:\n  ? a\n  b:\n'
    const changed = changeTenant({ ...file, text }, 'a', { locale: 'en' })
    expect(changed).toContain('locale: en\n  b:\n')
  })

  it('is made within braces, too', () => {
    const text = '# top\ntenants: { a: { locale: en }, b: {} } # both\n# end\n'
    const edited = [
      addTenant({ ...file, text }, 'c', { locale: 'ru' }),
      changeTenant({ ...file, text }, 'b', { partition: 3 }),
      removeTenant({ ...file, text }, 'b'),
    ].map((of) => of.split('\n').filter((line) => line !== ''))
    expect(edited).toEqual([
      ['# top', 'tenants: { a: { locale: en }, b: {}, c: { locale: ru } }', '# both', '# end'],
      ['# top', 'tenants: { a: { locale: en }, b: { partition: 3 } } # both', '# end'],
      ['# top', 'tenants: { a: { locale: en } } # both', '# end'],
    ])
    const beside = addTenant({ ...file, text: 'tenants: { a: {} } # one\n' }, 'b', {})
    expect(beside).toBe('tenants: { a: {}, b: {} }\n\n# one\n')
    const ofWindows = addTenant({ ...file, text: 'tenants: { a: {} }\r\n' }, 'b', {})
    expect(ofWindows).toBe('tenants: { a: {}, b: {} }\r\n')
  })

  it('leaves the line ends of a file alone that has both', () => {
    const text = '# top\r\ntenants:\n  a:\n    locale: en\n  b:\r\n'
    expect(changeTenant({ ...file, text }, 'a', { locale: 'ru' })).toBe(
      text.replace(': en', ': ru'),
    )
  })

  it('removes the last tenant without a touch on what else the file says', () => {
    const rest = '\n# of brokers\nbrokers: {}\n'
    const text = `# tenants: here\ntenants: # all\n  # above\n  a:\n    locale: en\n${rest}`
    expect(removeTenant({ ...file, text }, 'a')).toBe(`# tenants: here\ntenants: {} # all\n${rest}`)
    const quoted = '"tenants":\n  a:\n    locale: en\n'
    expect(removeTenant({ ...file, text: quoted }, 'a')).toBe('"tenants": {}\n')
  })

  it('adds a tenant before what follows them', () => {
    const rest = '\n# of brokers\nbrokers: {}\n'
    expect(addTenant({ ...file, text: `tenants:\n  a:\n${rest}` }, 'b', {})).toBe(
      `tenants:\n  a:\n  b: {}\n${rest}`,
    )
    expect(addTenant({ ...file, text: '# top\ntenants: {} # none\n# end\n' }, 'b', {})).toContain(
      'tenants:\n  b: {}\n',
    )
  })

  it('removes a tenant', () => {
    const removed = removeTenant(file, '007')
    expect(removed).toBe(commented.replace("  '007': {}\n", ''))
  })

  it('keeps each comment with its tenant, whichever tenant goes', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), fc.nat(), (blocks, choice) => {
        const removed = choice % blocks.length
        const left = removeTenant({ ...file, text: textOf(blocks) }, `t${removed}`)
        const expected = textOf(blocks, removed)
        const lines = (text: string) => text.split('\n').filter((line) => line !== '')
        expect(lines(left)).toEqual(lines(expected))
      }),
      { numRuns: 100 },
    )
  })

  it('changes and adds a tenant without a touch on the lines of others', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 30 }), fc.nat(), (blocks, choice) => {
        const text = textOf(blocks)
        const id = `t${choice % blocks.length}`
        const changed = changeTenant({ ...file, text }, id, { partition: 3 })
        expect(changed).toContain('partition: 3')
        expect(changeTenant({ ...file, text: changed }, id, { partition: 4 })).toBe(
          changed.replace('partition: 3', 'partition: 4'),
        )
        const comments = (of: string) => of.match(/#.*/g)
        expect(comments(changed)).toEqual(comments(text))
        const added = addTenant({ ...file, text }, 'new', { locale: 'en' })
        expect(added.replace(/ +new:\n +locale: en\n/, '')).toBe(text)
      }),
      { numRuns: 100 },
    )
  })

  it('sets and removes fields of a tenant', () => {
    const changed = changeTenant(file, 'acme', { cell: 'south', locale: undefined })
    expect(changed).toContain('    events: [task.create, task.assign] # more later\n')
    expect(changed).toContain('    cell: south\n')
    expect(changed).not.toContain('locale')
    expect(changeTenant({ ...file, text: 'tenants:\n  a:\n' }, 'a', { partition: 'own' })).toBe(
      'tenants:\n  a:\n    partition: own\n',
    )
  })

  it('leaves the comments of the next tenant where the last field has no value', () => {
    const text = 'tenants:\n  a:\n    events:\n  # of b\n  b:\n# of the file\n'
    expect(removeTenant({ ...file, text }, 'a')).toBe('tenants:\n  # of b\n  b:\n# of the file\n')
    expect(removeTenant({ ...file, text }, 'b')).toBe(
      'tenants:\n  a:\n    events:\n# of the file\n',
    )
    const added = addTenant({ ...file, text }, 'c', { locale: 'en' })
    expect(added).toBe(text.replace('# of the', '  c:\n    locale: en\n# of the'))
    expect(removeTenant({ ...file, text: added }, 'c')).toBe(text)
  })

  it('keeps the comments beside and below a field that changes', () => {
    const text =
      'tenants:\n# of the first\n    a:\n      partition: own # by contract\n        # until May\n'
    expect(changeTenant({ ...file, text }, 'a', { partition: 3 })).toBe(text.replace('own', '3'))
  })

  it('gives the first tenant lines of its own', () => {
    const empty = 'tenants: {}\n'
    const added = addTenant({ ...file, text: empty }, 'a', { locale: 'en' })
    expect(added).toBe('tenants:\n  a:\n    locale: en\n')
    expect(removeTenant({ ...file, text: added }, 'a')).toBe(empty)
  })

  it('works on the tenants.yml of the project without touching a line of it', () => {
    const text = readFileSync('tenants.yml', 'utf8')
    const added = addTenant({ text, file: 'tenants.yml' }, 'new', { locale: 'en' })
    expect(added).toBe(`${text}  new:\n    locale: en\n`)
    expect(removeTenant({ text: added, file: 'tenants.yml' }, 'new')).toBe(text)
  })

  it.each([
    ['tenant-exists', () => addTenant(file, 'acme', {})],
    ['unknown-tenant', () => removeTenant(file, 'acne')],
    ['invalid-tenants', () => removeTenant({ ...file, text: 'tenants: [' }, 'a')],
    ['unknown-tenant', () => changeTenant(file, '7', { cell: 'north' })],
    ['invalid-tenants', () => addTenant(file, 'a\tb', {})],
    ['invalid-tenants', () => changeTenant(file, 'acme', { cell: 'North' })],
    ['invalid-tenants', () => addTenant({ ...file, text: 'tenants:' }, 'a', { events: ['nope'] })],
  ])('is refused with %s', (code, change) => {
    expect(change).toThrow(expect.objectContaining({ code }))
  })

  it('is refused with the file, the tenant and what to do', () => {
    expect(() => addTenant(file, 'acme', {})).toThrow('tenants.yml has the tenant acme already')
    expect(() => removeTenant(file, 'acne')).toThrow(
      'tenants.yml has no tenant "acne": see "tenants list"',
    )
    expect(() => removeTenant({ ...file, text: anchored }, 'a')).toThrow(
      'Other tenants of tenants.yml use an anchor (&) of a: edit the file by hand',
    )
  })
})
