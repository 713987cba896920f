import { decodeLetter } from '../../lib/operations/decoded-letter.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { type ShelvedLetter, unknown } from './shelved-letter.ts'

/** Selects letters. An omitted field matches every letter; `unknown` matches a letter without a value. */
export interface ShelfFilter {
  /** A letter without a tenant may be anyone's. */
  readonly tenant?: string | undefined
  /** The tenant of a group. */
  readonly whose?: string | undefined
  readonly type?: string | undefined
  readonly cause?: string | undefined
  /** Its name, or the name without the cell's prefix: `quarantine`. Of several, with commas between them. */
  readonly queue?: string | undefined
  /** A text in the letter, in any case of letters. */
  readonly words?: string | undefined
}

/** The name without the cell's prefix. */
export function shortName(queue: string, cell: string): string {
  const prefix = prefixOf(cell)
  return queue.startsWith(prefix) ? queue.slice(prefix.length) : queue
}

const prefixOf = (cell: string) => `${cellPrefix(cell)}-`

/** @returns whether the filter selects a letter of the cell */
export function isMeant(
  { tenant, whose, type, cause, queue, words = '' }: ShelfFilter,
  cell: string,
) {
  const queues = queue === undefined ? undefined : namesIn(queue, cell)
  const text = words.toLowerCase()
  return (letter: ShelvedLetter): boolean =>
    (tenant === undefined || (letter.tenant ?? tenant) === tenant) &&
    (whose === undefined || (letter.tenant ?? unknown) === whose) &&
    (type === undefined || (letter.type ?? unknown) === type) &&
    (cause === undefined || letter.cause === cause) &&
    (queues === undefined || queues.has(letter.queue)) &&
    (text === '' || textOf(letter).includes(text))
}

/** A queue at the broker may have a comma in its name. */
function namesIn(queue: string, cell: string): ReadonlySet<string> {
  const names = [queue, ...queue.split(',')]
  return new Set(names.flatMap((name) => [name, prefixOf(cell) + name]))
}

/** The texts of letters that were searched: decoding thousands at each key would be slow. */
const texts = new WeakMap<ShelvedLetter, string>()

function textOf(letter: ShelvedLetter): string {
  const known = texts.get(letter)
  if (known !== undefined) return known
  const parts = Object.values(decodeLetter(letter)).map((part: unknown) =>
    typeof part === 'string' ? part : JSON.stringify(part),
  )
  const text = parts.join('\n').toLowerCase()
  texts.set(letter, text)
  return text
}
