import type { Expression } from './expression.ts'
import { here, peek, type Reader } from './reader.ts'
import { type Range, Untranslatable } from './source.ts'
import { endOf, endOfText } from './tokens.ts'

/** What a letter after a backslash stands for (FreeMarker's escape sequences). */
const escapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' },
  ...{ l: '<', g: '>', a: '&', '"': '"', "'": "'", '\\': '\\', '{': '{', '=': '=' },
}

/**
 * Reads a quoted text, with the expressions in it: `"Hello ${name}"`.
 *
 * @param expressionIn reads such an expression
 * @returns undefined if there is none here
 */
export function readText(
  reader: Reader,
  expressionIn: (range: Range) => Expression,
): Expression | undefined {
  const at = here(reader)
  const opening = peek(reader, /r?["']/y)
  if (opening === undefined) return undefined
  const { source } = reader
  const from = at.offset + opening.length
  // It has an end before that of the reader: without one, the template could not be cut.
  const to = endOfText(source.text, from - 1)
  reader.offset = to + 1
  if (opening.length === 2) return { kind: 'text', value: source.text.slice(from, to), at }

  const parts: Expression[] = []
  let text = ''
  const addText = () => {
    if (text !== '') parts.push({ kind: 'text', value: text, at })
    text = ''
  }
  for (let offset = from; offset < to; offset += 1) {
    const character = source.text[offset] ?? ''
    const next = source.text[offset + 1] ?? ''
    if (character === '\\') {
      const code = /^x([\da-fA-F]{1,4})/.exec(source.text.slice(offset + 1, offset + 6))
      const meant = code ? String.fromCharCode(Number.parseInt(code[1] ?? '', 16)) : escapes[next]
      if (meant === undefined) {
        throw new Untranslatable({ source, offset }, '\\{letter} is not an escape sequence', {
          letter: next,
        })
      }
      text += meant
      offset += code ? code[0].length : 1
    } else if (character === '$' && next === '{') {
      const end = endOf('}', source.text.slice(0, to), offset + 2)
      if (end < 0)
        throw new Untranslatable({ source, offset }, '{what} is not closed', { what: '${' })
      addText()
      parts.push(expressionIn({ source, from: offset + 2, to: end }))
      offset = end
    } else text += character
  }
  addText()
  const [first, ...others] = parts
  if (first === undefined) return { kind: 'text', value: '', at }
  return first.kind === 'text' && others.length === 0 ? first : { kind: 'joined', parts, at }
}
