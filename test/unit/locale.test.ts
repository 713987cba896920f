import { describe, expect, it, jest } from '@jest/globals'
import { canonicalLocale, localeField } from '../../lib/locale.ts'

describe('a language', () => {
  it.each([
    ['en', 'en'],
    ['RU', 'ru'],
    ['ru-ru', 'ru-RU'],
    ['ru_RU', 'ru-RU'],
    ['en_US', 'en-US'],
    ['en_US.UTF-8', 'en-US'],
    [' pt_br ', 'pt-BR'],
    ['zh_Hans_CN', 'zh-Hans-CN'],
    ['es-419', 'es-419'],
    ['rus', 'ru'],
    ['en-US-u-hc-h23', 'en-US-u-hc-h23'],
  ])('%j is %j', (text, tag) => {
    expect(canonicalLocale(text)).toBe(tag)
    expect(localeField.parse(text)).toBe(tag)
  })

  it.each([
    ['ru', 0],
    ['en-US', 0],
    ['fy-NL', 1],
  ])('looks %j up in ICU only where it is not familiar', (tag, looksUp) => {
    const of = jest.spyOn(Intl.DisplayNames.prototype, 'of')
    expect(canonicalLocale(tag)).toBe(tag)
    expect(Math.min(of.mock.calls.length, 1)).toBe(looksUp)
    of.mockRestore()
  })

  it.each([
    '',
    'xx',
    'english',
    'русский',
    'C',
    'POSIX',
    'en US',
    'en-XX',
    '?',
    'en_US@x',
    'e',
    '1',
    'en-ZZ',
    'en-XA',
    'ar-XB',
    'en-QO',
    'mul',
    'zxx',
    'mis',
    'und',
    'und-RU',
    'en-Zxxx',
    'ru-Zzzz',
    'en-Zsye',
    'qaa',
  ])('%j is refused, with what to write', (text) => {
    expect(canonicalLocale(text)).toBeUndefined()
    expect(localeField.safeParse(text).error?.issues).toEqual([
      expect.objectContaining({ message: 'is not a known language tag: write ru, en or en-US' }),
    ])
  })
})
