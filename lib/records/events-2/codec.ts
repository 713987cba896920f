import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { decode } from 'cbor2'
import { messageOf } from '../../errors.ts'
import { isObject } from '../../parse.ts'
import { plainOf } from './plain.ts'
import { readTime, readUuid } from './values.ts'

/**
 * Events 2.0 as ECOS's Java services send them (`ecos-events2`): gzip(CBOR({id, time, type, user,
 * source, attributes})). cbor2 reads it, since Jackson writes a long text in pieces (a text of
 * indefinite length), which cbor-x refuses.
 */
export interface Event2 {
  /** UUID, in lower case. */
  readonly id: string
  readonly time: Date
  readonly type: string
  /** Who did it; empty where nobody did. */
  readonly user: string
  readonly source: Plain
  /** By the aliases that the target registered. */
  readonly attributes: Plain
}

/** An object as JSON.stringify takes it. */
export type Plain = Readonly<Record<string, unknown>>

export type Decoded2 =
  | { readonly outcome: 'event'; readonly event: Event2 }
  | { readonly outcome: 'refused'; readonly reason: Refusal2; readonly explanation: string }

/** Why a body is no event 2.0. Stable: operators select by it. docs/bad-input.md explains. */
export type Refusal2 = 'empty-body' | 'not-gzip' | 'too-large' | 'not-cbor' | 'not-an-event-2'

/** Bytes that a body may become when it is unpacked: a small one can be made to fill any memory. */
export const largestUnpacked = 16 * 1024 * 1024

/** Deeper, and nobody could write it as JSON for the bus (PutEvents takes 1,000, the envelope has 2). */
const deepestNesting = 990

const unpack = promisify(gunzip)

/** Never throws. */
export async function decodeEvent2(body: Uint8Array): Promise<Decoded2> {
  if (body.length === 0) return refused('empty-body', 'the body is empty')
  let cbor: Uint8Array
  try {
    cbor = await unpack(body, { maxOutputLength: largestUnpacked })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? refused('too-large', `the body unpacks to more than ${largestUnpacked} bytes`)
      : refused('not-gzip', `the body is not gzip: ${messageOf(error)}`)
  }
  let value: unknown
  try {
    value = decode(cbor, { maxDepth: deepestNesting })
  } catch {
    // The decoder's own message quotes the text.
    return refused('not-cbor', `the body is not CBOR, or nested more than ${deepestNesting} deep`)
  }
  return readEvent(value)
}

function readEvent(value: unknown): Decoded2 {
  if (!isObject(value)) return refused('not-an-event-2', 'the body is not an object')
  const id = readUuid(value['id'])
  if (id === undefined) return refused('not-an-event-2', '"id" is not a UUID')
  const time = readTime(value['time'])
  if (time === undefined) return refused('not-an-event-2', '"time" is not a time')
  const { type, user, source, attributes } = value
  if (typeof type !== 'string' || type === '') {
    return refused('not-an-event-2', '"type" is not a text')
  }
  if (!isObject(attributes)) return refused('not-an-event-2', '"attributes" is not an object')
  return {
    outcome: 'event',
    event: {
      id,
      time,
      type,
      user: typeof user === 'string' ? user : '',
      source: isObject(source) ? (plainOf(source) as Plain) : {},
      attributes: plainOf(attributes) as Plain,
    },
  }
}

/**
 * The event's data as JSON, in the fields that events 1.0 have, so that what reads the one can read
 * the other: `docId` is the record, where the target asked for its id.
 */
export function dataOf(event: Event2): string {
  const { id, time, type, user, source, attributes } = event
  const docId = recordOf(event) ?? null
  return JSON.stringify({ id, type, docId, createdDate: time.getTime(), user, source, attributes })
}

/** The record that it is about, where the target asked for its id. */
export function recordOf({ attributes }: Event2): string | undefined {
  const record = attributes['record?id'] ?? attributes['rec?id']
  return typeof record === 'string' ? record : undefined
}

function refused(reason: Refusal2, explanation: string): Decoded2 {
  return { outcome: 'refused', reason, explanation }
}
