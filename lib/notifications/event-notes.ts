import * as z from 'zod'
import { late } from '../late.ts'
import { cut } from '../text.ts'
import { eventFactsOf } from './templates/event-facts.ts'
import { nameIn } from './templates/name-in.ts'

/**
 * What people know an event by. Titles are personal: the console alone shows them, no log has them, and they
 * expire with the event's record.
 */
export const eventAbout = late(() =>
  z.object({
    task: z.string().optional(),
    taskId: z.string().optional(),
    document: z.string().optional(),
    /** The document's reference. */
    record: z.string().optional(),
  }),
)
export type EventAbout = Readonly<z.infer<typeof eventAbout>>

/** What an event's record tells operators beside its outcome. Times are ISO 8601, in UTC. */
export interface EventNotes {
  readonly about?: EventAbout | undefined
  /** Fields that name further recipients, who can't be read. */
  readonly unread?: readonly string[] | undefined
  /** By the clock of ECOS. */
  readonly happenedAt?: string | undefined
  /** When the bus put it into the handler's queue. */
  readonly queuedAt?: string | undefined
  /** When the try that handled it began. */
  readonly startedAt?: string | undefined
}

/** Characters of a title or a reference, at most: the record of an event stays below a unit of writing, 1 KB. */
const maxLength = 100

/** The language of a title that is in several. */
const locale = 'ru'

/** @param data an event's data, parsed by its schema */
export function aboutEvent(data: object): EventAbout | undefined {
  const { title, recordRef, taskId } = eventFactsOf(data)
  const texts = {
    task: 'taskTitle' in data ? nameIn(data.taskTitle, locale) : '',
    taskId: taskId ?? '',
    document: nameIn(title, locale),
    record: recordRef ?? '',
  }
  const known = Object.entries(texts).flatMap(([name, text]) => {
    const short = cut(text.trim(), maxLength)
    return short === '' ? [] : [[name, short] as const]
  })
  return known.length > 0 ? Object.fromEntries(known) : undefined
}
