import pLimit from 'p-limit'
import { chunks } from '../../chunks.ts'
import {
  type ListedNotification,
  matches,
  type NotificationFilter,
  type TenantsPage,
  wordsLeft,
} from '../../operations/notification-listing.ts'
import type { Table } from './batch-get.ts'
import { indexes, personKey } from './notification-keys.ts'
import {
  entriesOf,
  type Index,
  type IndexEntry,
  indexFor,
  itemsOf,
  nameOf,
  type PageOptions,
} from './notifications-list.ts'

/** Tenants that are asked, at most. */
const maxTenants = 500

/** Entries of one tenant that are read if a filter selects among them: a flood must not hide the others. */
const maxOfTenant = 200

/** Items that are read, at most, and at a time: those of one moment are read side by side. */
const maxItems = 2_000
const maxStride = 400
const keysAtOnce = 100

/** Concurrent queries. */
const concurrentQueries = 20

/** Words that may be the name of a person. */
const maxNames = 4

/**
 * A page of the notifications of all tenants, the latest first. Each tenant's entries are read apart, up to a share
 * of its own; where that is not all, a word that is a person's whole name is sought by the index of persons too. The
 * items are then read in the order of time until the page is full.
 */
export async function searchTenants(
  table: Table,
  tenants: readonly string[],
  filter: NotificationFilter,
  { limit, before }: Pick<PageOptions, 'limit' | 'before'>,
): Promise<TenantsPage> {
  const asked = tenants.slice(0, maxTenants)
  const range = { before, from: filter.from }
  const isExact = Object.values({ ...filter, from: undefined }).every((one) => one === undefined)
  const share = isExact ? limit : maxOfTenant
  const read = (questions: readonly Question[]) =>
    pLimit(concurrentQueries).map([...questions], async ({ tenant, index }) => ({
      tenant,
      ...(await entriesOf(table, index, share, range)),
    }))
  const answers = await read(
    asked.map((tenant) => ({ tenant, index: indexFor(tenant, { ...filter, from: undefined }) })),
  )
  const cut = answers.filter(({ isCut }) => isCut)
  const ofPersons = await read(cut.flatMap(({ tenant }) => questionsOfPersons(tenant, filter)))
  const entries = newestFirst([...answers, ...ofPersons].flatMap((answer) => answer.entries))
  const stride = isExact ? limit : maxStride
  const { notifications, end, unseen } = await firstMatches(table, entries, filter, {
    limit,
    stride,
  })
  const unfinished = cut.flatMap(({ tenant, entries }) => {
    const last = entries.at(-1)?.listedAt
    return last !== undefined && last > (end ?? '') ? [{ tenant, before: last }] : []
  })
  // The last entry of all ends the list.
  const isOver = end === undefined || (cut.length === 0 && end === entries.at(-1)?.listedAt)
  const notAsked = tenants.length - asked.length
  const page = { notifications, unfinished, notAsked, ...(!isOver && { before: end }) }
  return notifications.length === 0 && unseen.length > 0 ? { ...page, unseen } : page
}

interface Question {
  readonly tenant: string
  readonly index: Index
}

/** A filter by person reads their index anyway. */
function questionsOfPersons(tenant: string, { username, words = [] }: NotificationFilter) {
  const names = username === undefined ? words.slice(0, maxNames) : []
  return names.map((name): Question => {
    const value = personKey(tenant, name.toLowerCase())
    const index = { name: indexes.byPerson, attribute: 'personKey', value, isExact: false }
    return { tenant, index }
  })
}

/** Without those that two indexes have named. */
function newestFirst(entries: readonly IndexEntry[]): IndexEntry[] {
  const unique = new Map(entries.map((entry) => [nameOf(entry), entry]))
  return [...unique.values()].sort((one, other) => (one.listedAt < other.listedAt ? 1 : -1))
}

interface Matches {
  readonly notifications: readonly ListedNotification[]
  /** The place where it stopped; undefined if it has seen all. */
  readonly end?: string | undefined
  /** Words that nothing had before the first match. */
  readonly unseen: readonly string[]
}

async function firstMatches(
  table: Table,
  entries: readonly IndexEntry[],
  filter: NotificationFilter,
  { limit, stride }: { readonly limit: number; readonly stride: number },
): Promise<Matches> {
  const notifications: ListedNotification[] = []
  let unseen = filter.words ?? []
  for (let read = 0; read < entries.length; read += stride) {
    if (read >= maxItems) return { notifications, end: entries[read - 1]?.listedAt, unseen }
    const some = entries.slice(read, read + stride)
    const items = await itemsSideBySide(table, some)
    for (const entry of some) {
      const one = items.get(nameOf(entry))
      if (one === undefined) continue
      if (notifications.length === 0) unseen = wordsLeft(unseen, one, filter)
      if (!matches(one, filter)) continue
      notifications.push(one)
      if (notifications.length === limit) return { notifications, end: entry.listedAt, unseen }
    }
  }
  return { notifications, unseen }
}

async function itemsSideBySide(table: Table, entries: readonly IndexEntry[]) {
  const parts = chunks(entries, keysAtOnce).map((part) => itemsOf(table, part, true))
  return new Map((await Promise.all(parts)).flatMap((part) => [...part]))
}
