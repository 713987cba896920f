import { type At, Untranslatable } from '../freemarker/source.ts'
import { type Chunk, decoded, escaped } from './chunks.ts'

/** A part of a template in HTML: a text between tags, a tag, or Liquid between them. */
export type Piece = { readonly at: At } & (
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'tag'
      readonly name: string
      readonly isEnd: boolean
      /** Where a link leads, in Liquid. */
      readonly href: string
    }
  | { readonly kind: 'liquid'; readonly chunk: Exclude<Chunk, { kind: 'text' }> }
)

/** A place in HTML. */
interface Place {
  /** The tag that has begun. Liquid in it stands between NUL characters, by its number in `codes`. */
  readonly tag?: string | undefined
  readonly quote?: string | undefined
  /** The element whose content nobody sees. */
  readonly hidden?: string | undefined
}

const hiding = /^(head|title|style|script)$/
const code = /\0(\d+)\0/g

/** Whether the template is HTML, rather than text. */
export function isHtml(chunks: readonly Chunk[]): boolean {
  return chunks.some((one) => one.kind === 'text' && /<[a-z!/]/i.test(one.text))
}

/**
 * The visible parts of a template. Liquid within a tag goes with the tag.
 *
 * @throws Untranslatable for a tag or an invisible element that begins within a condition or loop and ends outside
 */
export function piecesOf(chunks: readonly Chunk[]): Piece[] {
  const pieces: Piece[] = []
  const codes: string[] = []
  const blocks: Place[] = []
  let place: Place = {}
  for (const chunk of chunks) {
    const { at, kind } = chunk
    if (kind === 'text') {
      place = readText(chunk.text, place, (piece) => pieces.push({ ...piece, at }), codes)
      continue
    }
    if (kind === 'open') blocks.push(place)
    if (kind === 'divide' || kind === 'close') requireSame(blocks.at(-1), place, at)
    if (kind === 'close') blocks.pop()
    const isSeen = place.tag === undefined && place.hidden === undefined
    if (place.tag !== undefined) {
      codes.push(inText(chunk))
      place = { ...place, tag: `${place.tag}\0${codes.length - 1}\0` }
    }
    if (isSeen || kind === 'do') pieces.push({ kind: 'liquid', chunk, at })
  }
  return pieces
}

/** How a chunk is written where there is no HTML. */
export function inText(chunk: Exclude<Chunk, { kind: 'text' }>): string {
  return (chunk.kind === 'output' ? chunk.inText : undefined) ?? chunk.liquid
}

type Found =
  | { kind: 'text'; text: string }
  | { kind: 'tag'; name: string; isEnd: boolean; href: string }

/** @returns where the text ends */
function readText(
  text: string,
  before: Place,
  add: (piece: Found) => void,
  codes: readonly string[],
): Place {
  let place = before
  let rest = text
  while (rest !== '') {
    const { hidden, tag } = place
    if (tag !== undefined) {
      const { end, quote } = endOfTag(rest, place.quote)
      const whole = tag + rest.slice(0, end)
      rest = rest.slice(end)
      if (quote !== undefined || !whole.endsWith('>')) return { ...place, tag: whole, quote }
      const found = tagIn(whole, codes)
      add(found)
      const isHiding = hiding.test(found.name)
      place = { hidden: isHiding ? (found.isEnd ? undefined : found.name) : hidden }
    } else if (hidden === undefined && rest.startsWith('<!--')) {
      const end = rest.indexOf('-->')
      rest = end < 0 ? '' : rest.slice(end + 3)
    } else {
      const start = rest.search(hidden ? new RegExp(`</${hidden}\\b`, 'i') : /<[a-z/!]/i)
      const seen = start < 0 ? rest : rest.slice(0, start)
      if (!hidden && seen !== '') add({ kind: 'text', text: seen })
      if (start >= 0 && !rest.slice(start).startsWith('<!--')) place = { ...place, tag: '' }
      rest = rest.slice(seen.length)
    }
  }
  return place
}

function tagIn(tag: string, codes: readonly string[]): Extract<Found, { kind: 'tag' }> {
  const [, slash = '', name = ''] = /^<(\/?)([a-z][\w-]*)/i.exec(tag) ?? []
  const href = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/is.exec(tag)
  const address = href?.[1] ?? href?.[2] ?? href?.[3] ?? ''
  const liquid = address
    .split(code)
    .map((part, index) => (index % 2 === 0 ? escaped(decoded(part)) : (codes[Number(part)] ?? '')))
  return { kind: 'tag', name: name.toLowerCase(), isEnd: slash !== '', href: liquid.join('') }
}

/** Where the tag ends in a text, or the text itself. The quotes of its attributes may contain `>`. */
function endOfTag(
  text: string,
  before: string | undefined,
): { end: number; quote: string | undefined } {
  let quote = before
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (quote === undefined && character === '>') return { end: at + 1, quote }
    if (character === quote) quote = undefined
    else if (quote === undefined && (character === '"' || character === "'")) quote = character
  }
  return { end: text.length, quote }
}

function requireSame(outer: Place = {}, place: Place, at: At): void {
  const isSame =
    (outer.tag === undefined) === (place.tag === undefined) &&
    outer.quote === place.quote &&
    outer.hidden === place.hidden
  if (!isSame) throw unbalanced(at)
}

export function unbalanced(at: At): Untranslatable {
  const problem = 'a tag of HTML begins within a condition or loop and ends outside of it'
  return new Untranslatable(at, problem)
}
