import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { messageOf } from '../../errors.ts'
import { isObject } from '../../parse.ts'
import { decodeCbor, maxNesting, maxValues, TooManyValues } from './cbor.ts'
import { CborFault } from './cbor-fault.ts'
import { readTime, readUuid } from './values.ts'

/**
 * An event 2.0 as ECOS's Java services send it (`ecos-events2`): gzip(CBOR({id, time, type, user, source,
 * attributes})).
 */
export interface Event2 {
  /** UUID, in lower case. */
  readonly id: string
  readonly time: Date
  readonly type: string
  /** The user name; empty for none. */
  readonly user: string
  /** `{source, appName, appInstanceId}`; older services send a text. */
  readonly source: Plain | string | null
  /** By the aliases that the target registered. */
  readonly attributes: Plain
}

/** An object that JSON.stringify takes. */
export type Plain = Readonly<Record<string, unknown>>

export type Decoded2 =
  | { readonly outcome: 'event'; readonly event: Event2 }
  | { readonly outcome: 'refused'; readonly reason: Refusal2; readonly explanation: string }

/** Why a body is not an event 2.0. Stable, since operators select by it. See docs/bad-input.md */
export type Refusal2 = 'empty-body' | 'not-gzip' | 'too-large' | 'not-cbor' | 'not-an-event-2'

/** Bytes of an unpacked body: a small one can be made to fill the memory. */
export const maxUnpackedBytes = 16 * 1024 * 1024

const unpack = promisify(gunzip)

/** Never throws. */
export async function decodeEvent2(body: Uint8Array): Promise<Decoded2> {
  if (body.length === 0) return refused('empty-body', 'the body is empty')
  let cbor: Uint8Array
  try {
    cbor = await unpack(body, { maxOutputLength: maxUnpackedBytes })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? refused('too-large', `the body unpacks to more than ${maxUnpackedBytes} bytes`)
      : refused('not-gzip', `the body is not gzip: ${messageOf(error)}`)
  }
  let value: unknown
  try {
    value = decodeCbor(cbor)
  } catch (error) {
    return error instanceof TooManyValues
      ? refused('too-large', `the body has more than ${maxValues} values, or too many of them deep`)
      : refused('not-cbor', notCbor(error))
  }
  return readEvent(value)
}

/** The decoder's own message may quote the body. */
function notCbor(error: unknown): string {
  if (error instanceof CborFault) return `the body is not the CBOR of an event: ${error.message}`
  return (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
    ? 'the body is not the CBOR of an event: a text is not UTF-8'
    : `the body is not CBOR, or is nested more than ${maxNesting} deep`
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
  if (attributes !== undefined && attributes !== null && !isObject(attributes)) {
    return refused('not-an-event-2', '"attributes" is not an object')
  }
  return {
    outcome: 'event',
    event: {
      id,
      time,
      type,
      user: typeof user === 'string' ? user : '',
      source: typeof source === 'string' || isObject(source) ? source : null,
      attributes: attributes ?? {},
    },
  }
}

/**
 * The event's data in JSON, with the field names of events 1.0, so that the same code reads both: `docId` is
 * the record's id, if the target asked for it.
 */
export function dataOf(event: Event2): string {
  const { id, time, type, user, source, attributes } = event
  const docId = recordOf(event) ?? null
  return JSON.stringify({ id, type, docId, createdDate: time.getTime(), user, source, attributes })
}

/** The record's id, if the target asked for it. */
export function recordOf({ attributes }: Event2): string | undefined {
  const record = attributes['record?id'] ?? attributes['rec?id']
  return typeof record === 'string' ? record : undefined
}

function refused(reason: Refusal2, explanation: string): Decoded2 {
  return { outcome: 'refused', reason, explanation }
}
