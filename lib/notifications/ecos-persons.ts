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

type Row = ReadonlyMap<string, string>

/**
 * The people in a list of ECOS's persons: rows of a CSV file, or JSON as its Records API answers. A field
 * that can't be used is left out, with a note; a person without a user name is refused.
 *
 * @param content a list of objects, or `{records: [{id, attributes}]}`
 */
export function readPeople(content: unknown): PeopleFile {
  const list = isObject(content) ? (content['records'] ?? content['people'] ?? [content]) : content
  const rows = [list].flat()
  const read = rows.map((row, at) => readRow(row, `[${at}]`))
  return {
    people: read.flatMap(({ person }) => (person ? [person] : [])),
    remarks: read.flatMap(({ remarks }) => remarks),
  }
}

function readRow(
  value: unknown,
  place: string,
): { readonly person?: NamedPerson; readonly remarks: readonly Remark[] } {
  const refused = (text: string) => ({ remarks: [{ of: 'refused', place, text } as const] })
  if (!isObject(value)) return refused('is not an object')
  const row = rowOf(value)
  // A reference names its person at its end: emodel/person@ivanov.
  const username = first(row, usernames)?.split('@').at(-1)?.trim().toLowerCase()
  if (!username) return refused('has no user name: userName, or id')
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
