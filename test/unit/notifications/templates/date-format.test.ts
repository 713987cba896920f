import { describe, expect, it } from '@jest/globals'
import { dateByPattern } from '../../../../lib/notifications/templates/date-format.ts'

const instant = Date.parse('2026-03-01T20:05:09Z')
const reader = (locale: string, timeZone = 'Europe/Moscow') => ({ locale, timeZone, now: 0 })

describe('a date by a pattern', () => {
  it.each([
    ['dd.MM.yyyy', '01.03.2026'],
    ['d.M.yy', '1.3.26'],
    ['yyyy-MM-dd HH:mm:ss', '2026-03-01 23:05:09'],
    ["d MMMM yyyy 'г. в' H:mm", '1 марта 2026 г. в 23:05'],
    ['EEEE, d MMM', 'воскресенье, 1 мар.'],
    ['E, d.MM', 'вс, 1.03'],
    ['LLLL yyyy', 'март 2026'],
    ["''dd''", "'01'"],
    ['short', '01.03.2026'],
    ['long', '1 марта 2026 г.'],
    ['medium', '1 мар. 2026 г.'],
    ['full', 'воскресенье, 1 марта 2026 г.'],
    ["'short'", 'short'],
    ['', ''],
    ['y', '2026'],
    ['yyyyy', '2026'],
    ['M', '3'],
    ['LLL', 'март'],
    ['EE EEE', 'вс вс'],
    ['HH:mm:ss', '23:05:09'],
    ["d 'o''clock' ''", "1 o'clock '"],
    ['dd/MM/yyyy, №', '01/03/2026, №'],
  ])('%s', (pattern, text) => {
    expect(dateByPattern(instant, pattern, reader('ru'))).toBe(text)
  })

  it("is in the reader's language and time zone", () => {
    const here = reader('en', 'Asia/Vladivostok')
    expect(dateByPattern(instant, 'EEE, MMMM d, hh:mm a', here)).toBe('Mon, March 2, 06:05 AM')
  })

  it('has two digits where two letters ask for them', () => {
    const early = Date.parse('2026-03-01T00:01:02Z')
    const written = (pattern: string) => dateByPattern(early, pattern, reader('en', 'UTC'))
    expect(written('mm')).toBe('01')
    expect(written('ss')).toBe('02')
    expect(written('HH H')).toBe('00 0')
    expect(written('hh h a')).toBe('12 12 AM')
    expect(dateByPattern(Date.parse('2026-03-01T13:00:00Z'), 'hh h a', reader('en', 'UTC'))).toBe(
      '01 1 PM',
    )
  })

  it.each(['qqq', 'dddd', 'Z'])('has no field %s', (pattern) => {
    expect(() => dateByPattern(instant, pattern, reader('ru'))).toThrow(`no field "${pattern}"`)
  })
})
