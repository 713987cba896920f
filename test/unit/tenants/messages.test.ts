import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { messageFields, messageSettingsOf } from '../../../lib/tenants/messages.ts'

const problemsOf = (entry: Record<string, unknown>) => {
  const { error } = z.strictObject({ ...messageFields }).safeParse(entry)
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe("the fields of a tenant's messages", () => {
  it.each([
    [{}],
    [{ name: 'a'.repeat(100) }],
    [{ colour: '#0B5cad' }],
    [{ logo: 'https://acme.example/logo.png?v=2' }],
    [{ timeZone: 'UTC' }],
  ])('may be %j', (entry) => {
    expect(z.strictObject({ ...messageFields }).parse(entry)).toEqual(entry)
  })

  it('have the name without the space around it', () => {
    const { name } = z.object({ ...messageFields }).parse({ name: '  ООО «Акме» ' })
    expect(name).toBe('ООО «Акме»')
  })

  it.each([
    [{ name: '  ' }, 'name: Too small'],
    [{ name: 'a'.repeat(101) }, 'name: Too big'],
    [{ name: 'a\nb' }, 'name: has a control character'],
    [{ name: 'a\u0085b' }, 'name: has a control character'],
    [{ logo: 'data:image/png;base64,AA==' }, 'logo: is not an https address'],
    [{ logo: 'xhttps://a.example/' }, 'logo: is not an https address'],
    [{ logo: 'httpsx://a.example/' }, 'logo: is not an https address'],
    [{ colour: '0b5cad' }, 'colour: is not a colour such as "#0b5cad"'],
    [{ colour: '#0b5cadx' }, 'colour: is not a colour such as "#0b5cad"'],
    [{ colour: 'x#0b5cad' }, 'colour: is not a colour such as "#0b5cad"'],
    [{ colour: '#0b5cag' }, 'colour: is not a colour such as "#0b5cad"'],
    [{ mailFrom: 'nobody' }, 'mailFrom: has no @'],
    [{ replyTo: 'nobody' }, 'replyTo: has no @'],
    [{ webUrl: 'ecos' }, 'webUrl: is not an address'],
    [{ recordUrl: 'ecos' }, 'recordUrl: must begin with {webUrl}'],
    [{ reminders: ['soon'] }, 'reminders.0: "soon" is not a reminder'],
    [{ workingHours: 'never' }, 'workingHours: write {from'],
  ])('are not %j', (entry, problem) => {
    expect(problemsOf(entry)?.[0]?.slice(0, problem.length)).toBe(problem)
  })
})

it('only what is set is a setting', () => {
  const mailbox = { name: 'Акме', address: 'ecos@acme.example' }
  const settings = { webUrl: 'https://acme.example', name: 'Акме', replyTo: mailbox, reminders: [] }
  const entry = { ...settings, logo: undefined, mailFrom: undefined, cell: 'main', events: [] }
  expect(messageSettingsOf(entry)).toStrictEqual(settings)
})
