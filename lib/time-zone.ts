import * as z from 'zod'
import { late } from './late.ts'

/** The zone of dates whose reader and tenant name none: most organisations with ECOS keep its clock. */
export const defaultTimeZone = 'Europe/Moscow'

/** A time zone's name in the IANA database. Abbreviations such as MSK or IST are refused: several zones share them. */
export const timeZoneField = late(() =>
  z
    .string()
    .max(64)
    .refine(isNamedZone, 'is not a time zone: write Europe/Moscow, Asia/Yekaterinburg or UTC'),
)

function isNamedZone(name: string): boolean {
  if (name !== 'UTC' && !name.includes('/')) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
