import { InvalidArgumentError } from 'commander'
import * as z from 'zod'

/** Date alone would read `5` as a month, and 31 February as 3 March. */
const zone = { offset: true, local: true }
const moment = z.union([
  z.iso.date(),
  z.iso.datetime(zone),
  z.iso.datetime({ ...zone, precision: -1 }),
])

/** Parses an option's time in ISO 8601: a date is in UTC, a time without a zone in the local one. */
export function time(text: string): Date {
  if (moment.safeParse(text).success) return new Date(text)
  throw new InvalidArgumentError('is not a time such as 2026-11-25 or 2026-11-25T08:00:00Z')
}
