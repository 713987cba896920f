import { describe, expect, it } from '@jest/globals'
import {
  unsubscribeHeaders,
  unsubscribeLink,
  unsubscribeTarget,
} from '../../../lib/channels/unsubscribe.ts'
import { message } from './message.ts'

describe('a link to unsubscribe', () => {
  it('of https is one click', () => {
    const link = 'https://example.org/off?t={tenant}&e={eventType}&a={address}'
    const address = 'иванов+<x>@acme.example'
    expect(
      unsubscribeHeaders(unsubscribeTarget(unsubscribeLink.parse(link), message({ address }))),
    ).toEqual({
      'List-Unsubscribe':
        '<https://example.org/off?t=acme&e=task.assign&a=%D0%B8%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2%2B%3Cx%3E%40acme.example>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    })
  })

  it('of mailto is not', () => {
    const link = unsubscribeLink.parse('mailto:off@example.org?subject={notificationId}')
    expect(unsubscribeHeaders(unsubscribeTarget(link, message()))).toEqual({
      'List-Unsubscribe': `<mailto:off@example.org?subject=${'a'.repeat(64)}>`,
    })
  })

  it.each([
    'http://example.org/off',
    'example.org',
    'https://example.org/a b',
    'https://example.org/>\r\nBcc: x@example.net',
    'https://example.org/{username}',
    'https://example.org/{}',
  ])('is not %j', (link) => expect(unsubscribeLink.safeParse(link).success).toBe(false))
})
