import { createHash } from 'node:crypto'
import type { ChannelMessage, ChannelName } from '../channels/channel.ts'
import { cut } from '../text.ts'
import { type DigestEntry, digestPage } from './digest-page.ts'
import { notificationId, type QueuedNotification, type Sendable } from './notification.ts'
import type { NotificationRecord } from './store.ts'
import { limits } from './templates/bounds.ts'

/** Takes the place of an event's type in a digest. */
export const digestType = 'notification.digest'

/** Notifications in one digest at most; further ones make another digest. */
export const digestSize = 50

/** Whether the channel shows the whole of a message's title and text. */
export type Fits = (channel: ChannelName, message: ChannelMessage) => boolean

/** The n-th digest of a person's address for one moment. Deterministic, so that repeating is safe. */
export function digestOf(
  member: Sendable & Pick<NotificationRecord, 'heldUntil'>,
  n: number,
): Sendable {
  const { tenant, username, channel, address, heldUntil, announce } = member
  const eventId = createHash('sha256')
    .update(JSON.stringify([username, channel, address, heldUntil, n]))
    .digest('hex')
  const parts = { tenant, eventType: digestType, eventId, username, channel, address }
  return { ...parts, notificationId: notificationId(parts), ...(announce && { announce }) }
}

export interface DigestMembers {
  /** The contents that there still are. */
  readonly contents: readonly QueuedNotification[]
  /** How many members there are. */
  readonly count: number
}

/**
 * The digest's content: its members one after another, in the language of the first. What the channel
 * can't show whole is shortened; then the last members are only counted. One member keeps its content.
 */
export function digestContent(
  digest: Sendable,
  { contents, count }: DigestMembers,
  queuedAt: Date,
  fits: Fits,
): QueuedNotification {
  const { username: _, subject: __, announce: ___, ...about } = digest
  const [first] = contents
  const queued = { ...about, queuedAt: queuedAt.toISOString(), resend: 0 }
  if (first && count === 1) return { ...first, ...queued }
  const locale = first?.locale ?? 'ru'
  const words = wordsOf(locale)
  const title = `${words.title}: ${count}`
  const parts = partsOf(first, words)
  const plain = (entries: readonly DigestEntry[]): QueuedNotification => {
    const text = textOf(entries, words.more(count - entries.length))
    return { ...queued, locale, title, text, html: '', customData: {}, ...parts }
  }
  const entries = fitting(contents, (some) => {
    const content = plain(some)
    return content.text.length <= limits.text && fits(digest.channel, content)
  })
  const closing = words.more(count - entries.length)
  return {
    ...plain(entries),
    html: digestPage({ locale, title, entries, closing, why: words.why }),
  }
}

/** The digest leads to the web client, and comes from the sender of its members. */
function partsOf(first: QueuedNotification | undefined, { open, why }: Words) {
  const { link, mail } = first ?? {}
  const { thread: _, ...sender } = { ...mail, why }
  return {
    ...(link && { link: { url: link.home, label: open, home: link.home } }),
    ...(mail && { mail: sender }),
  }
}

function textOf(entries: readonly DigestEntry[], closing: string): string {
  const lines = entries.map(({ title, text }) =>
    text === '' ? `${title}\n` : `${title}\n${text}\n`,
  )
  if (closing !== '') lines.push(`${closing}\n`)
  return lines.join(entries.some(({ text }) => text !== '') ? '\n' : '')
}

/** UTF-16 code units of a member's text that are worth telling. */
const shortestText = 20

/** UTF-16 code units of a title where not even all titles fit. */
const shortTitle = 60

/** All members with as much of their texts as fits; or else as many as fit, by their titles alone. */
function fitting(
  contents: readonly QueuedNotification[],
  fits: (entries: readonly DigestEntry[]) => boolean,
): DigestEntry[] {
  const cutTo = (length: number) =>
    contents.map(({ title, text, link }) => {
      const shown = length < shortestText ? '' : cut(text.trim(), length)
      return { title, text: shown, ...(link && { url: link.url }) }
    })
  const length = greatest(limits.text, (some) => fits(cutTo(some)))
  if (length !== undefined) return cutTo(length)
  const titles = contents.map(({ title, link }) => {
    return { title: cut(title, shortTitle), text: '', ...(link && { url: link.url }) }
  })
  return titles.slice(0, greatest(titles.length, (some) => fits(titles.slice(0, some))) ?? 0)
}

/**
 * The greatest number up to the limit that fits; undefined if not even 0 does.
 *
 * @param fits if it holds for a number, it must hold for each smaller one
 */
function greatest(limit: number, fits: (number: number) => boolean): number | undefined {
  if (fits(limit)) return limit
  if (!fits(0)) return undefined
  let [fitting, excess] = [0, limit]
  while (excess - fitting > 1) {
    const middle = Math.floor((fitting + excess) / 2)
    if (fits(middle)) fitting = middle
    else excess = middle
  }
  return fitting
}

interface Words {
  readonly title: string
  /** What the reader can do by the digest's link. */
  readonly open: string
  /** Why the reader got it. */
  readonly why: string
  /** How many more members there are, which are not told of; empty for none. */
  more(count: number): string
}

const russian: Words = {
  title: 'Уведомления',
  open: 'Открыть ECOS',
  why: 'Вы получили эту сводку, потому что выбрали её в настройках уведомлений.',
  more(count) {
    if (count === 0) return ''
    const forms = { one: 'уведомление', few: 'уведомления' } as const
    const form = new Intl.PluralRules('ru').select(count)
    return `и ещё ${count} ${form === 'one' || form === 'few' ? forms[form] : 'уведомлений'}`
  },
}

const english: Words = {
  title: 'Notifications',
  open: 'Open ECOS',
  why: 'You received this digest because you chose it in your notification settings.',
  more: (count) => (count === 0 ? '' : `and ${count} more notification${count === 1 ? '' : 's'}`),
}

function wordsOf(locale: string): Words {
  return locale.startsWith('ru') ? russian : english
}
