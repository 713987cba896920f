import { describe, expect, it } from '@jest/globals'
import { providers } from '../../../lib/tenants/template/provider.ts'
import type { Settings } from '../../../lib/tenants/template/settings.ts'

describe('mail over SES', () => {
  it.each([
    ['ECOS <ecos@example.com>', ['ecos@example.com', 'example.com']],
    ['ecos@mail.example.com', ['ecos@mail.example.com', 'mail.example.com']],
    ['"a, b <c>" <x@пример.рф>', ['x@xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd.xn--p1ai']],
  ])('from %s is allowed with the identities of that sender only', (emailFrom, identities) => {
    const settings = { emailTransport: 'ses', emailFrom, emailUnsubscribe: '' } as Settings
    const { statements } = providers.email('ecos-main/email', settings)
    const arns = JSON.stringify(statements).match(/(?:identity|configuration-set)\/[^"]*/g)
    expect(arns).toEqual([...identities.map((id) => `identity/${id}`), 'configuration-set/*'])
  })
})
