// Events of a soak have numbers as their ids: a bit for each tells which came and which came twice.

const prefix = '00000000-0000-4000-8000-'
/** What stands before the id inside `Detail`, with escaped quotes. */
const key = Buffer.from(`\\"id\\":\\"${prefix}`)
const digits = 12

/** The id of the event with that number. */
export function idOf(number: number): string {
  return prefix + number.toString(16).padStart(digits, '0')
}

/** The number of the event whose id is the field at that place of a call's body; undefined if it is none of ours. */
export function numberAt(body: Buffer, at: number): number | undefined {
  const start = at + key.length
  if (body.compare(key, 0, key.length, at, Math.min(start, body.length)) !== 0) return undefined
  const number = Number.parseInt(body.toString('latin1', start, start + digits), 16)
  return Number.isNaN(number) ? undefined : number
}
