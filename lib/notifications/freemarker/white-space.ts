import type { Piece, Token } from './token.ts'

/**
 * FreeMarker's white-space stripping: of a line that has directives or comments and nothing else, nothing is
 * written, its line feed neither. `<#t>`, `<#lt>` and `<#rt>` trim the line in which they stand.
 */
export function stripped(pieces: readonly Piece[]): Token[] {
  const kept: Piece[] = []
  let line: Piece[] = []
  for (const piece of pieces.flatMap(inLines)) {
    line.push(piece)
    if (piece.kind !== 'text' || !piece.text.endsWith('\n')) continue
    kept.push(...ofLine(line))
    line = []
  }
  return joined([...kept, ...ofLine(line)])
}

function ofLine(line: readonly Piece[]): readonly Piece[] {
  const has = (...names: readonly string[]) =>
    line.some((one) => one.kind === 'directive' && names.includes(one.name))
  if (has('nt')) return line
  if (isBare(line)) return line.filter(({ kind }) => kind !== 'text')
  return line.map((piece, at) => {
    if (piece.kind !== 'text') return piece
    const begun = at === 0 && has('t', 'lt') ? piece.text.trimStart() : piece.text
    const text = at === line.length - 1 && has('t', 'rt') ? begun.trimEnd() : begun
    return { ...piece, text }
  })
}

function isBare(line: readonly Piece[]): boolean {
  const isWritten = (one: Piece, at: number) =>
    one.kind === 'output' ||
    (one.kind === 'text' && (one.text.trim() !== '' || isBetween(one.text, at, line)))
  return line.some(({ kind }) => kind !== 'text') && !line.some(isWritten)
}

/** Whether white space stands between directives of which one may write something: `<@a/> <@b/>`. */
function isBetween(text: string, at: number, line: readonly Piece[]): boolean {
  const isOutside = at === 0 || text === '' || text.endsWith('\n')
  return !isOutside && !(isSilent(line[at - 1]) && isSilent(line[at + 1]))
}

/** Directives that write nothing where they are. */
const silent: readonly string[] = ['assign', 'global', 'local', 'macro', 'import', 'setting']

function isSilent(piece: Piece | undefined): boolean {
  if (piece?.kind === 'comment') return true
  return (piece?.kind === 'directive' || piece?.kind === 'end') && silent.includes(piece.name)
}

/** A text as one for each of its lines. */
function inLines(piece: Piece): Piece[] {
  if (piece.kind !== 'text') return [piece]
  let { offset } = piece.at
  return piece.text.split(/(?<=\n)/).map((text) => {
    const at = { ...piece.at, offset }
    offset += text.length
    return { ...piece, text, at }
  })
}

/** Without comments, and with texts that follow one another in one. */
function joined(pieces: readonly Piece[]): Token[] {
  const tokens: Token[] = []
  for (const piece of pieces) {
    const last = tokens.at(-1)
    if (piece.kind === 'comment' || (piece.kind === 'text' && piece.text === '')) continue
    if (piece.kind === 'text' && last?.kind === 'text') {
      tokens[tokens.length - 1] = { ...last, text: last.text + piece.text }
    } else tokens.push(piece)
  }
  return tokens
}
