import { isObject } from '../parse.ts'
import { newPersonFields } from './new-person.ts'
import { type NamedPerson, type PersonField, personFields } from './person.ts'
import type { Remark } from './subscriptions/old-action.ts'

/** The people in a file, and what of it can't be taken. */
export interface PeopleFile {
  readonly people: readonly NamedPerson[]
  readonly remarks: readonly Remark[]
}

/** The names of each field in ECOS's persons and in lists that people keep, as `plain` writes them. */
const names: Readonly<Record<PersonField, readonly string[]>> = {
  name: ['name', 'displayname', 'fullname', 'disp'],
  email: ['email', 'mail'],
  phone: ['phone', 'mobile', 'mobilephone', 'phonemobile', 'phonenumber', 'telephone'],
  telegram: ['telegram', 'telegramid', 'telegramchat'],
  locale: ['locale', 'language', 'preferredlocale'],
  timeZone: ['timezone'],
}
const usernames = ['username', 'user', 'login', 'id']
/** As ECOS writes a person's name in Russian. */
const nameParts = ['lastname', 'firstname', 'middlename']

/** What stands before the user name in a person's reference: `emodel/person@`. A login may be a mail address. */
const reference = /^(?:[\w.-]+\/[\w.-]+|person|people)?@/i

type Row = ReadonlyMap<string, string>

/**
 * The people in a list of ECOS's persons: rows of a CSV file, or JSON as its Records API answers. A field
 * that can't be used is left out, with a note; a person without a user name, or who is there twice, is refused.
 *
 * @param content a list of objects, or `{records: [{id, attributes}]}`
 */
export function readPeople(content: unknown): PeopleFile {
  const list = isObject(content) ? (content['records'] ?? content['people'] ?? [content]) : content
  const rows = [list].flat()
  const places = new Map<string, string>()
  const read = rows.map((row, at) => once(readRow(row, `[${at}]`), `[${at}]`, places))
  return {
    people: read.flatMap(({ person }) => (person ? [person] : [])),
    remarks: read.flatMap(({ remarks }) => remarks),
  }
}

/** Refuses a person who is in the file already: which row is right can't be told. */
function once(row: ReadRow, place: string, places: Map<string, string>): ReadRow {
  if (!row.person) return row
  const { username } = row.person
  const before = places.get(username)
  places.set(username, before ?? place)
  return before === undefined ? row : refused(place, `${username} is in the file at ${before} too`)
}

function refused(place: string, text: string): ReadRow {
  return { remarks: [{ of: 'refused', place, text }] }
}

interface ReadRow {
  readonly person?: NamedPerson
  readonly remarks: readonly Remark[]
}

function readRow(value: unknown, place: string): ReadRow {
  if (!isObject(value)) return refused(place, 'is not an object')
  const row = rowOf(value)
  const username = first(row, usernames)?.replace(reference, '').trim().toLowerCase()
  if (!username) return refused(place, 'has no user name: userName, or id')
  const remarks: Remark[] = []
  const fields = personFields.flatMap((field) => {
    const given = first(row, names[field]) ?? (field === 'name' ? fullName(row) : undefined)
    if (given === undefined) return []
    const parsed = newPersonFields[field].safeParse(given)
    if (parsed.success) return [[field, parsed.data] as const]
    const problem = parsed.error.issues.map(({ message }) => message).join('; ')
    remarks.push({ of: 'note', place, text: `${username}: ${field} ${problem}: left out` })
    return []
  })
  return { person: { username, person: Object.fromEntries(fields) }, remarks }
}

/** Its texts by plain name, without the blank ones. Fields of a record stand in `attributes`. */
function rowOf(value: Readonly<Record<string, unknown>>): Row {
  const { attributes, ...own } = value
  const fields = { ...own, ...(isObject(attributes) && attributes) }
  const entries = Object.entries(fields).flatMap(([name, field]): [string, string][] => {
    const text = typeof field === 'string' || typeof field === 'number' ? String(field).trim() : ''
    return text === '' ? [] : [[plain(name), text]]
  })
  return new Map(entries)
}

/** `cm:userName`, `userName?str` and `User name` are `username`. */
function plain(name: string): string {
  return name
    .replace(/^.*:/, '')
    .replace(/^\?/, '')
    .replace(/\?.*$/, '')
    .replace(/[\s_.-]+/g, '')
    .toLowerCase()
}

function first(row: Row, candidates: readonly string[]): string | undefined {
  return candidates.map((name) => row.get(name)).find((text) => text !== undefined)
}

function fullName(row: Row): string | undefined {
  const parts = nameParts.flatMap((name) => row.get(name) ?? [])
  return parts.length > 0 ? parts.join(' ') : undefined
}
