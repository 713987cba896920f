import { type At, type Range, type Source, Untranslatable } from './source.ts'

/** A FreeMarker template in pieces. `rest` is what follows the name of a directive or the `@` of a call. */
export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly at: At }
  | { readonly kind: 'output'; readonly rest: Range; readonly at: At }
  | {
      readonly kind: 'directive'
      readonly name: string
      readonly rest: Range
      /** `<#assign x = 1 />`, `<@macro />` */
      readonly isEmpty: boolean
      readonly at: At
    }
  | { readonly kind: 'call'; readonly rest: Range; readonly isEmpty: boolean; readonly at: At }
  | { readonly kind: 'end'; readonly name: string; readonly at: At }

/** What is not text. */
const marks = /\$\{|#\{|<#--|<\/#(\w+)\s*>|<#(\w+)|<\/@[^>]*>|<@/g

/** @throws Untranslatable for what is not closed */
export function tokensOf(source: Source): Token[] {
  const { text } = source
  const tokens: Token[] = []
  let done = 0
  const addText = (to: number) => {
    if (to > done) {
      tokens.push({ kind: 'text', text: text.slice(done, to), at: { source, offset: done } })
    }
  }
  marks.lastIndex = 0
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const [mark, ended, started] = found
    const at = { source, offset: found.index }
    addText(found.index)
    const from = found.index + mark.length
    if (mark === '<#--') {
      done = closed(text.indexOf('-->', from), at, 'the comment') + 3
    } else if (mark === '${' || mark === '#{') {
      if (mark === '#{')
        throw new Untranslatable(at, '#{…} is not supported: write it with a dollar sign')
      const to = closed(endOf('}', text, from), at, '${')
      tokens.push({ kind: 'output', rest: { source, from, to }, at })
      done = to + 1
    } else if (mark.startsWith('</')) {
      tokens.push({ kind: 'end', name: ended ?? '@', at })
      done = from
    } else if (started === 'noparse') {
      const to = closed(text.indexOf('</#noparse>', from), at, '<#noparse>')
      const offset = closed(text.indexOf('>', from), at, '<#noparse>') + 1
      tokens.push({ kind: 'text', text: text.slice(offset, to), at: { source, offset } })
      done = to + '</#noparse>'.length
    } else {
      const end = closed(endOf('>', text, from), at, mark)
      const isEmpty = text[end - 1] === '/'
      const rest = { source, from, to: isEmpty ? end - 1 : end }
      tokens.push(
        started === undefined
          ? { kind: 'call', rest, isEmpty, at }
          : { kind: 'directive', name: started, rest, isEmpty, at },
      )
      done = end + 1
    }
    marks.lastIndex = done
  }
  addText(text.length)
  return tokens
}

function closed(end: number, at: At, what: string): number {
  if (end < 0) throw new Untranslatable(at, `${what} is not closed`)
  return end
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
