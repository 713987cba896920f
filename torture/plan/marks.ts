import { gunzipSync } from 'node:zlib'

/** The mark of a message: unique in the run. It is in the body, and comes out in every notification. */
export const markPattern = /rig-\d+-\d+(?!\d)/g

/** The mark in a text; `unmarked` if there is none. */
export function markIn(text: string): string {
  return text.match(markPattern)?.[0] ?? 'unmarked'
}

/** The mark in a message's body, which may be packed. */
export function markInBody(body: Buffer): string {
  try {
    return markIn(gunzipSync(body).toString('latin1'))
  } catch {
    // It is not packed, or only says that it is.
    return markIn(body.toString('latin1'))
  }
}

const uuidStart = '7269672d-0000-4000-8000-'

/** The mark as the id of an event 2.0, which is a UUID. */
export function uuidOf(mark: string): string {
  const [, seed = 0, number = 0] = mark.split('-').map(Number)
  return `${uuidStart}${hex(seed, 4)}${hex(number, 8)}`
}

/** The text with such ids as marks again. */
export function withMarks(text: string): string {
  return text.replaceAll(
    new RegExp(`${uuidStart}([0-9a-f]{4})([0-9a-f]{8})`, 'g'),
    (_, seed, number) => `rig-${Number.parseInt(seed, 16)}-${Number.parseInt(number, 16)}`,
  )
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0')
}
