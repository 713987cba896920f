import { eventTypes } from '../events/catalogue.ts'
import { digestType } from './digest.ts'
import { reminderType, testType } from './notification.ts'

/** The types that notifications are recorded by: those of ECOS's events, digests, reminders and tests. */
export const notifiedTypes = [...eventTypes, digestType, reminderType, testType] as const
