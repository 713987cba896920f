import { type Chunk, decoded, escaped } from './chunks.ts'
import { inText, type Piece, piecesOf, unbalanced } from './markup.ts'

/** What stands before: the end of a paragraph, of a line, a space, or a text. */
type Before = 'paragraph' | 'line' | 'space' | 'text'

/** What has been written so far. */
interface Written {
  readonly parts: string[]
  before: Before
  /** The link that has begun: where it leads, and the part with which its label begins. */
  anchor?: { readonly href: string; readonly from: number } | undefined
}

const paragraphs = /^(p|h[1-6]|table|ul|ol|blockquote|hr)$/
const lines = /^(br|div|tr|li|section|article|header|footer|dt|dd|caption|pre)$/

/**
 * A template in HTML for those who get none: without tags, each paragraph and row on lines of its own, and
 * links as their labels, with the address where it is not that of the message itself.
 *
 * @throws Untranslatable for a tag that begins within a condition or loop and ends outside of it
 */
export function textOf(chunks: readonly Chunk[]): string {
  const written: Written = { parts: [], before: 'paragraph' }
  const blocks: Omit<Written, 'parts'>[] = []
  for (const piece of piecesOf(chunks)) {
    if (piece.kind === 'liquid') addLiquid(piece, blocks, written)
    else if (piece.kind === 'tag') addTag(piece, written)
    else addText(piece.text, written)
  }
  return written.parts
    .join('')
    .replace(/[ \t]+$/gm, '')
    .trim()
}

function addLiquid(
  { at, chunk }: Extract<Piece, { kind: 'liquid' }>,
  blocks: Omit<Written, 'parts'>[],
  written: Written,
): void {
  const { before, anchor } = written
  if (chunk.kind === 'open') blocks.push({ before, anchor })
  if (chunk.kind === 'divide' || chunk.kind === 'close') {
    const outer = blocks.at(-1)
    if (outer?.anchor !== anchor) throw unbalanced(at)
    // Each branch begins where the first did.
    if (chunk.kind === 'divide') written.before = outer?.before ?? before
    else blocks.pop()
  }
  if (chunk.kind === 'output') put(inText(chunk), written)
  else written.parts.push(inText(chunk))
}

function addTag({ name, isEnd, href }: Extract<Piece, { kind: 'tag' }>, written: Written): void {
  const { anchor, parts } = written
  if (name === 'a' && !isEnd) {
    written.anchor = { href, from: parts.length }
  } else if (name === 'a' && anchor !== undefined) {
    const label = parts.slice(anchor.from).join('').trim()
    written.anchor = undefined
    if (!['', '{{ link }}', label].includes(anchor.href)) put(` (${anchor.href})`, written)
  } else if (name === 'li' && !isEnd) {
    lineBreak('line', written)
    put('- ', written)
    written.before = 'space'
  } else if (paragraphs.test(name)) lineBreak('paragraph', written)
  else if (lines.test(name)) lineBreak('line', written)
  else if (name === 'td' || name === 'th') addText(' ', written)
}

/** White space is one space, as in HTML. */
function addText(text: string, written: Written): void {
  const run = decoded(text).replace(/\s+/g, ' ')
  const own = written.before === 'text' ? run : run.replace(/^ /, '')
  put(escaped(own), written)
  if (own.endsWith(' ')) written.before = 'space'
}

function put(part: string, written: Written): void {
  if (part === '') return
  written.parts.push(part)
  written.before = 'text'
}

function lineBreak(end: 'line' | 'paragraph', written: Written): void {
  const { before, parts } = written
  if (before === 'paragraph' || before === end) return
  parts.push(end === 'paragraph' && before !== 'line' ? '\n\n' : '\n')
  written.before = end
}
