import { type At, type Source, Untranslatable } from './source.ts'
import type { Piece, Token } from './token.ts'
import { stripped } from './white-space.ts'

/** What is not text. */
const marks = /\$\{|#\{|<#--|<\/#(\w+)\s*>|<#(\w+)|<\/@[^>]*>|<@/g

/** Cuts a template. What is not closed is a fault, and left out. */
export function tokensOf(source: Source, faults: Untranslatable[]): Token[] {
  const { text } = source
  const pieces: Piece[] = []
  let done = 0
  const addText = (to: number) => {
    if (to <= done) return
    pieces.push({ kind: 'text', text: text.slice(done, to), at: { source, offset: done } })
  }
  marks.lastIndex = 0
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    addText(found.index)
    const { piece, end } = cut(found, { source, offset: found.index }, faults)
    if (piece !== undefined) pieces.push(piece)
    done = end
    marks.lastIndex = end
  }
  addText(text.length)
  return stripped(pieces)
}

interface Cut {
  readonly piece?: Piece
  readonly end: number
}

function cut(found: RegExpExecArray, at: At, faults: Untranslatable[]): Cut {
  const [mark, ended, started] = found
  const { source } = at
  const { text } = source
  const from = at.offset + mark.length
  const unclosed = (what: string): Cut => {
    faults.push(new Untranslatable(at, '{what} is not closed', { what }))
    return { end: from }
  }
  if (mark === '<#--') {
    const to = text.indexOf('-->', from)
    return to < 0 ? unclosed('the comment') : { piece: { kind: 'comment' }, end: to + 3 }
  }
  if (mark === '#{') {
    faults.push(new Untranslatable(at, '#{…} is not supported: write it with a dollar sign'))
    return { end: from }
  }
  if (mark.startsWith('</')) return { piece: { kind: 'end', name: ended ?? '@', at }, end: from }
  if (started === 'noparse') {
    const to = text.indexOf('</#noparse>', from)
    if (to < 0) return unclosed('<#noparse>')
    const offset = text.indexOf('>', from) + 1
    const piece = { kind: 'text', text: text.slice(offset, to), at: { source, offset } } as const
    return { piece, end: to + '</#noparse>'.length }
  }
  const to = endOf(mark === '${' ? '}' : '>', text, from)
  if (to < 0) return unclosed(mark)
  const isEmpty = mark !== '${' && text[to - 1] === '/'
  const rest = { source, from, to: isEmpty ? to - 1 : to }
  if (mark === '${') return { piece: { kind: 'output', rest, at }, end: to + 1 }
  const piece: Token =
    started === undefined
      ? { kind: 'call', rest, isEmpty, at }
      : { kind: 'directive', name: started, rest, isEmpty, at }
  return { piece, end: to + 1 }
}

const brackets: Readonly<Record<string, number>> = {
  ...{ '(': 1, '[': 1, '{': 1 },
  ...{ ')': -1, ']': -1, '}': -1 },
}

/** Where an expression ends: at the character, outside texts and brackets. @returns -1 if it does not */
export function endOf(end: string, text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === end && depth === 0) return at
    if (character === '"' || character === "'") at = endOfText(text, at)
    depth += brackets[character] ?? 0
  }
  return -1
}

/** The closing quote of the text that begins here. */
export function endOfText(text: string, from: number): number {
  const isRaw = text[from - 1] === 'r' && !/[\p{L}\p{N}_$]/u.test(text[from - 2] ?? '')
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === text[from]) return at
    if (text[at] === '\\' && !isRaw) at += 1
  }
  return text.length
}
