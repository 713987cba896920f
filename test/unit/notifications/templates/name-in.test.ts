import { describe, expect, it } from '@jest/globals'
import { nameIn } from '../../../../lib/notifications/templates/name-in.ts'

describe('the name of a value', () => {
  it.each([
    ['Устав', 'ru', 'Устав'],
    [7, 'ru', '7'],
    [false, 'ru', 'false'],
    [0, 'ru', '0'],
    [null, 'ru', ''],
    [undefined, 'ru', ''],
    [{}, 'ru', ''],
    [{ ru: 'Устав', en: 'Charter' }, 'ru', 'Устав'],
    [{ ru: 'Устав', en: 'Charter' }, 'en-GB', 'Charter'],
    [{ ru: 'Устав', en: 'Charter', 'en-GB': 'Articles' }, 'en-GB', 'Articles'],
    // English is read by more people than Russian where neither is theirs.
    [{ ru: 'Устав', en: 'Charter' }, 'de', 'Charter'],
    [{ ru: 'Устав' }, 'de', 'Устав'],
    [{ fr: 'Charte' }, 'de', ''],
    [{ disp: 'a', displayName: 'b', str: 'c', id: 'd', en: 'e', ru: 'f' }, 'de', 'a'],
    [{ displayName: 'b', str: 'c', id: 'd', en: 'e', ru: 'f' }, 'de', 'b'],
    [{ str: 'c', id: 'd', en: 'e', ru: 'f' }, 'de', 'c'],
    [{ id: 'd', en: 'e', ru: 'f' }, 'de', 'd'],
    [{ disp: null, str: 'c' }, 'ru', 'c'],
    [{ disp: 7, str: {} }, 'ru', ''],
    [{ disp: '', str: 'c' }, 'ru', ''],
    [[], 'ru', ''],
    [['a'], 'ru', 'a'],
    [['a', { disp: 'b' }, 'c'], 'ru', 'a, b и c'],
    [['a', null, '', {}, 'c'], 'en', 'a and c'],
  ])('%j in %s is %j', (value, locale, name) => {
    expect(nameIn(value, locale)).toBe(name)
  })

  it('of a list is cut like any value', () => {
    expect(
      nameIn(
        Array.from({ length: 3000 }, () => 'x'),
        'ru',
      ),
    ).toHaveLength(2000)
    expect(nameIn('x'.repeat(3000), 'ru')).toHaveLength(3000)
  })
})
