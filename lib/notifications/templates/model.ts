import type { MessageLink } from '../../channels/message-parts.ts'
import { defaultTimeZone } from '../../time-zone.ts'
import { customDataFrom } from './custom-data.ts'
import { type EventFacts, isReference } from './event-facts.ts'
import type { Names, PartsSource } from './message-parts.ts'
import { nameIn } from './name-in.ts'
import { withRecordAttributes } from './record-attributes.ts'
import { RecordLinks } from './record-links.ts'

/** Those for whom an event is rendered, and what is known of its people. */
export interface Reader {
  readonly tenant: string
  /** IANA, such as `Europe/Moscow`, for dates; by default the tenant's. */
  readonly timeZone?: string | undefined
  /** The values that the subscription's action takes from the event. */
  readonly customData: Readonly<Record<string, unknown>>
  /** The display names of the people in the event, as far as they are known. */
  readonly people?: Names | undefined
  /** When it is read at the earliest, for dates in words; by default now. */
  readonly now?: Date | undefined
}

/** The names that a template may use, and those that its filters read (`people`, `records`). */
export function modelOf(
  { data, facts, settings, locale, people }: PartsSource,
  link: MessageLink | undefined,
  { tenant, customData, timeZone = settings.timeZone ?? defaultTimeZone, now = new Date() }: Reader,
) {
  return {
    event: withRecordAttributes(data),
    customData: customDataFrom(customData),
    tenant,
    locale,
    timeZone,
    organisation: settings.name ?? '',
    link: link?.url ?? '',
    webUrl: settings.webUrl ?? '',
    document: documentName(facts, locale, link !== undefined),
    people,
    now: now.getTime(),
    records: new RecordLinks(settings, facts.workspace),
  }
}

/** What people call the event's record; its reference only where nothing else leads there. */
function documentName({ title, recordRef }: EventFacts, locale: string, hasLink: boolean): string {
  const name = nameIn(title, locale).trim()
  if (name !== '' && !isReference(name)) return name
  return hasLink ? '' : (recordRef ?? '')
}
