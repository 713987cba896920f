import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
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

  it('removes a tenant', () => {
    const removed = removeTenant(file, '007')
    expect(removed).toBe(commented.replace("  '007': {}\n", ''))
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

  it('works on the tenants.yml of the project without touching a line of it', () => {
    const text = readFileSync('tenants.yml', 'utf8')
    const added = addTenant({ text, file: 'tenants.yml' }, 'new', { locale: 'en' })
    expect(added).toBe(`${text}  new:\n    locale: en\n`)
    expect(removeTenant({ text: added, file: 'tenants.yml' }, 'new')).toBe(text)
  })

  it.each([
    ['tenant-exists', () => addTenant(file, 'acme', {})],
    ['unknown-tenant', () => removeTenant(file, 'acne')],
    ['unknown-tenant', () => changeTenant(file, '7', { cell: 'north' })],
    ['invalid-tenants', () => addTenant(file, 'a\tb', {})],
    ['invalid-tenants', () => changeTenant(file, 'acme', { cell: 'North' })],
    ['invalid-tenants', () => addTenant({ ...file, text: 'tenants:' }, 'a', { events: ['nope'] })],
  ])('is refused with %s', (code, change) => {
    expect(change).toThrow(expect.objectContaining({ code }))
  })
})
