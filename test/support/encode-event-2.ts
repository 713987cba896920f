import { gzipSync } from 'node:zlib'
import { encode } from 'cbor2'
import type { Event2 } from '../../lib/records/events-2/codec.ts'

/** The body of an event 2.0: gzip(CBOR), its time as ISO text. */
export function encodeEvent2({ time, ...event }: Event2): Uint8Array {
  return gzipSync(encode({ ...event, time: time.toISOString() }))
}
