import { describe, expect, it } from '@jest/globals'
import { localeChain } from '../../../../lib/notifications/templates/locale.ts'
import { findTemplate } from '../../../../lib/notifications/templates/lookup.ts'

describe('the languages to look for', () => {
  it.each([
    [[], ['ru']],
    [[undefined, undefined], ['ru']],
    [['en'], ['en', 'ru']],
    [
      ['en-Latn-GB', 'de'],
      ['en-Latn-GB', 'en-Latn', 'en', 'de', 'ru'],
    ],
    [
      ['ru-RU', 'ru'],
      ['ru-RU', 'ru'],
    ],
    [
      ['no tag', '', 'en_us'],
      ['en-US', 'en', 'ru'],
    ],
  ])('of %j are %j', (tags, chain) => {
    expect(localeChain(...tags)).toEqual(chain)
  })
})

describe('the template of an event', () => {
  const choice = { tenant: 'acme', channel: 'sms', locale: 'en' } as const
  const found = (paths: readonly string[], more: object = {}) => {
    const files = Object.fromEntries(paths.map((path) => [path, '']))
    const key = findTemplate(files, 'task.create', { ...choice, ...more })
    return key && `${key.scope}/${key.name}/${key.channel}.${key.locale}.liquid`
  }
  /** Each before all that follow. */
  const inOrder = [
    'acme/vip/sms.en.liquid',
    'acme/vip/any.en.liquid',
    '_all/vip/sms.en.liquid',
    '_built-in/vip/any.en.liquid',
    'acme/vip/any.de.liquid',
    '_all/vip/sms.ru.liquid',
    'acme/task.create/sms.en.liquid',
    '_built-in/task.create/any.en.liquid',
    'acme/task.create/any.de.liquid',
    '_built-in/task.create/any.ru.liquid',
  ]

  it.each(inOrder.map((path, index) => [path, inOrder.slice(index)] as const))(
    'is %s, where none is nearer',
    (path, paths) => {
      const more = { template: 'vip', tenantLocale: 'de' }
      expect(found(paths.toReversed(), more)).toBe(path)
    },
  )

  it('is none of another tenant, channel, language or name', () => {
    expect(found([])).toBeUndefined()
    const others = ['other/task.create/any.en.liquid', 'acme/task.create/email.en.liquid']
    expect(found([...others, 'acme/vip/any.en.liquid'])).toBeUndefined()
    expect(found(['acme/task.create/any.de.liquid'])).toBeUndefined()
    expect(findTemplate({}, 'constructor', choice)).toBeUndefined()
  })
})
