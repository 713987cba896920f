import * as z from 'zod'
import { late } from './late.ts'

/** 00:00 to 23:59. */
export const timeOfDay = late(() =>
  z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a 24-hour time of day, such as 08:30'),
)
