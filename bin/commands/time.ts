import { InvalidArgumentError } from 'commander'
import { z } from 'zod'

/** Date by itself would take a `5` for a month, and the 31st of February for the 3rd of March. */
const zone = { offset: true, local: true }
const moment = z.union([
  z.iso.date(),
  z.iso.datetime(zone),
  z.iso.datetime({ ...zone, precision: -1 }),
])

/** An option's moment: ISO 8601, a day in UTC, a time without a zone in the machine's own. */
export function time(text: string): Date {
  if (moment.safeParse(text).success) return new Date(text)
  throw new InvalidArgumentError('is no time such as 2026-11-25 or 2026-11-25T08:00:00Z')
}
