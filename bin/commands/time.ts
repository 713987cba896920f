import { InvalidArgumentError } from 'commander'

/** An option's moment: ISO 8601, a day in UTC, a time without a zone in the machine's own. */
export function time(text: string): Date {
  const parsed = new Date(text)
  if (!Number.isNaN(parsed.getTime())) return parsed
  throw new InvalidArgumentError('is no time such as 2026-11-25 or 2026-11-25T08:00:00Z')
}
