import type { ChannelName } from '../../channels/channel.ts'
import type { MailParts, MessageDetails, MessageLink } from '../../channels/message-parts.ts'
import { ownValue } from '../../own-value.ts'
import type { MessageSettings } from '../../tenants/messages.ts'
import { defaultRecordUrl, fillRecordUrl } from '../../tenants/record-url.ts'
import { instantOf } from './dates.ts'
import { type EventFacts, type PersonField, peopleIn } from './event-facts.ts'
import { nameIn } from './name-in.ts'
import { openIn, whyIn } from './words.ts'

/** Display names by user name in lower case. */
export type Names = Readonly<Record<string, string>>

/** An event as its message's parts are made of it, within the bounds of values. */
export interface PartsSource {
  readonly type: string
  readonly data: object
  readonly facts: EventFacts
  readonly settings: MessageSettings
  readonly locale: string
  readonly people: Names
}

/** The link of a message, if the tenant has a web client. */
export function linkOf({ type, facts, settings, locale }: PartsSource): MessageLink | undefined {
  const { webUrl, recordUrl = defaultRecordUrl } = settings
  if (webUrl === undefined) return undefined
  const { workspace } = facts
  // There is no page of a record that is gone.
  const recordRef = type === 'record-deleted' ? undefined : facts.recordRef
  const label = openIn(locale, type, recordRef !== undefined)
  const url =
    recordRef === undefined ? webUrl : fillRecordUrl(recordUrl, webUrl, { recordRef, workspace })
  return { url, label, home: webUrl }
}

/** The parts that one channel alone uses. */
export function partsFor(
  channel: ChannelName,
  source: PartsSource,
): { readonly mail?: MailParts; readonly details?: MessageDetails } {
  switch (channel) {
    case 'email':
      return { mail: mailOf(source) }
    case 'webhook':
      return { details: detailsOf(source) }
    default:
      return {}
  }
}

function mailOf({ type, facts, settings, locale }: PartsSource): MailParts {
  const { name, mailFrom, replyTo } = settings
  const from = mailFrom ?? (name === undefined ? undefined : { name })
  const thread = facts.taskId ?? facts.recordRef
  return {
    why: whyIn(locale, type),
    ...(from && { from }),
    ...(replyTo && { replyTo }),
    ...(thread !== undefined && { thread }),
  }
}

function detailsOf(source: PartsSource): MessageDetails {
  const { type, data, facts, settings, locale, people } = source
  const fields = data as Readonly<Record<string, unknown>>
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : null)
  const usernames = peopleIn(data)
  const person = (...parts: readonly PersonField[]) => {
    const username = parts.map((part) => usernames[part]).find((one) => one !== undefined)
    return username === undefined ? null : { username, name: ownValue(people, username) ?? null }
  }
  const { recordRef, title, taskId, due } = facts
  const link = linkOf(source)
  return {
    happenedAt: isoOf(fields['time'] ?? fields['createdDate']),
    task: type.startsWith('task.')
      ? {
          id: taskId ?? null,
          title: text('taskTitle'),
          type: text('taskType'),
          role: text('taskRole'),
          process: text('workflowDescription'),
          outcome: text('taskOutcome'),
          comment: text('taskComment'),
        }
      : null,
    document:
      recordRef === undefined ? null : { ref: recordRef, title: nameIn(title, locale) || null },
    people: {
      initiator: person('initiator'),
      assignee: person('assignee'),
      author: person('author', 'user'),
    },
    due: isoOf(due),
    links: {
      record: link === undefined || link.url === link.home ? null : link.url,
      web: settings.webUrl ?? null,
    },
  }
}

function isoOf(value: unknown): string | null {
  const instant = instantOf(value)
  return instant === undefined || Number.isNaN(instant) ? null : new Date(instant).toISOString()
}
