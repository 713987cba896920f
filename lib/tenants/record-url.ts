import * as z from 'zod'
import { late } from '../late.ts'

/** The values of a record's link. */
export interface RecordPlace {
  /** A record's reference, such as `emodel/contract@42`. */
  readonly recordRef: string
  readonly workspace?: string | undefined
}

const names = ['webUrl', 'recordRef', 'workspace'] as const
type Name = (typeof names)[number]

/** A part in brackets is left out where its placeholder has no value. */
const optionalPart = /\[([^[\]]*)\]/g
const placeholder = /\{([^{}]*)\}/g

/** The page of a record in ECOS's web client. */
export const defaultRecordUrl = '{webUrl}/v2/dashboard?recordRef={recordRef}[&ws={workspace}]'

/** Where ECOS's web client is. Parsed, it does not end with a slash. */
export const webUrl = late(() =>
  z
    .url({
      protocol: /^https?$/,
      error: 'is not an address such as https://ecos.example.org',
      abort: true,
    })
    .refine((text) => {
      const { username, password, search, hash } = new URL(text)
      return username + password + search + hash === ''
    }, 'is an address without user, query and fragment: https://ecos.example.org')
    .transform((text) => new URL(text).href.replace(/\/+$/, '')),
)

/** The pattern of records' links. */
export const recordUrl = late(() =>
  z
    .string()
    .regex(/^(\{webUrl\}|https?:\/\/)[!-~]+$/, 'must begin with {webUrl} or https://')
    .refine((pattern) => placeholdersOf(pattern).every((name) => names.includes(name as Name)), {
      error: `has a placeholder other than ${names.map((name) => `{${name}}`).join(', ')}`,
    })
    .refine((pattern) => placeholdersOf(pattern.replace(optionalPart, '')).includes('recordRef'), {
      error: 'has no {recordRef}, which says which record it is',
      abort: true,
    })
    .refine(isOnOneHost, 'is no address on the same host for each record: {webUrl}/…{recordRef}'),
)

/** A reference decides neither where a link leads nor whether it is one. */
function isOnOneHost(pattern: string): boolean {
  const [first, ...others] = ['a', '@b.example/', ':1/', '[', '%', '/'].map(
    (text) =>
      URL.parse(fillRecordUrl(pattern, 'https://c.example', { recordRef: text, workspace: text }))
        ?.origin,
  )
  return first !== undefined && others.every((origin) => origin === first)
}

function placeholdersOf(pattern: string): string[] {
  return [...pattern.matchAll(placeholder)].map(([, name = '']) => name)
}

/** The link to a record by a pattern of tenants.yml. */
export function fillRecordUrl(
  pattern: string,
  webUrl: string,
  { recordRef, workspace = '' }: RecordPlace,
): string {
  const values = { webUrl, recordRef: inQuery(recordRef), workspace: inQuery(workspace) }
  const fill = (text: string) => text.replace(placeholder, (_, name: Name) => values[name])
  return fill(
    pattern.replace(optionalPart, (_, part: string) =>
      placeholdersOf(part).every((name) => values[name as Name] !== '') ? part : '',
    ),
  )
}

/** As ECOS writes references in its own links: the characters that a query may hold stay readable. */
function inQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/%(2F|3A|40|24)/g, decodeURIComponent)
}
