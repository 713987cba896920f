import { InvalidArgumentError } from 'commander'
import * as z from 'zod'
import { say } from '../say.ts'

/** Date alone would read `5` as a month, and 31 February as 3 March. */
const zone = { offset: true, local: true }
const moment = z.union([
  z.iso.date(),
  z.iso.datetime(zone),
  z.iso.datetime({ ...zone, precision: -1 }),
])

const ago = /^(\d{1,6}) *(s|m|h|d|w)(?: ago)?$/
const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const
const days = { today: 0, yesterday: 1 } as const

/**
 * Parses an option's time: `2h` (that long ago), `today`, `yesterday`, or ISO 8601. Days are in UTC, a
 * time without a zone is in the local one.
 */
export function time(text: string, now = new Date()): Date {
  const [, number, unit] = ago.exec(text) ?? []
  if (unit) return new Date(now.getTime() - Number(number) * seconds[unit as 's'] * 1000)
  if (text === 'now') return now
  if (Object.hasOwn(days, text)) {
    const since = new Date(now.getTime() - days[text as 'today'] * seconds.d * 1000)
    return new Date(since.toISOString().slice(0, 10))
  }
  if (moment.safeParse(text).success) return new Date(text)
  throw new InvalidArgumentError(
    say('is not a time such as 2h, yesterday, 2026-11-25 or 2026-11-25T08:00:00Z'),
  )
}
