import { eventTypes } from '../events/catalogue.ts'
import { digestType } from './digest.ts'
import { reminderType } from './notification.ts'

/** The types that notifications are recorded by: those of ECOS's events, digests and reminders. */
export const notifiedTypes = [...eventTypes, digestType, reminderType] as const
