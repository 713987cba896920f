import { describe, expect, it } from '@jest/globals'
import { parseExactJson } from '../../../lib/events/exact-number.ts'
import { epochMilliseconds, isoTime } from '../../../lib/events/times.ts'

const newYear = Date.UTC(2026, 0)

describe('a time in ISO 8601', () => {
  it.each([
    ['2026-01-01', 0],
    ['2025-12-31T24:00:00Z', 0],
    ['2026-01-01T00:00Z', 0],
    ['2026-01-01T00:00:00.123456789Z', 123],
    ['2026-01-01T00:00:00.000+0000', 0],
    ['2026-01-01T03:00:00.999999999+0300', 999],
    ['2026-01-01T03:00:00+03', 0],
    ['2025-12-31T19:00:00-05:00', 0],
    ['2026-01-01T03:00:00+03:00[Europe/Moscow]', 0],
    ['2026-01-01T00:00:00', 0],
    ['2026-01-01 00:00:00.0', 0],
  ])('%s is read', (text, more) => expect(isoTime(text)).toBe(newYear + more))

  it.each([
    '',
    '01.02.2026',
    '1/2/2026',
    'Договор 7',
    'May 5',
    '2026',
    '2026-13-45',
    '2026-02-29',
    '2026-04-31T10:00:00Z',
    '2026-01-01T24:01Z',
    '2026-01-01T25:00Z',
  ])('%p is none', (text) => expect(isoTime(text)).toBeUndefined())
})

describe('a time of a producer', () => {
  it.each([
    ['1767225600000', 0],
    ['"1767225600000"', 0],
    ['1767225600', 0],
    ['"1767225600"', 0],
    ['1767225600.000000000', 0],
    ['1767225600.123456789', 123],
    ['1.7672256e9', 0],
    ['1.767225600123456789e9', 123],
    ['17672256001234567890e-10', 123],
    ['1767225600.999999999', 999],
    ['"1767225600.999999999"', 999],
    ['"2026-01-01T00:00:00Z"', 0],
  ])('%s is read', (json, more) => {
    expect(epochMilliseconds(parseExactJson(json))).toBe(newYear + more)
  })

  it.each([
    // Whole seconds, as Jackson writes them: without their zeros they are seconds still.
    ['100000000.000000000', '1973-03-03T09:46:40.000Z'],
    ['99999999999', '5138-11-16T09:46:39.000Z'],
    ['100000000000', '1973-03-03T09:46:40.000Z'],
    ['99999999', '1970-01-02T03:46:39.999Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    ['-100000000', '1969-12-30T20:13:20.000Z'],
  ])('%s is %s', (json, time) => {
    expect(new Date(epochMilliseconds(parseExactJson(json)) ?? Number.NaN).toISOString()).toBe(time)
  })

  it.each(['null', 'true', '{}', '[2026,1,1]', '"tomorrow"', '"Договор 7"', '""', '1e400'])(
    '%s is none',
    (json) => expect(epochMilliseconds(parseExactJson(json))).toBeUndefined(),
  )
})
