import { stripVTControlCharacters } from 'node:util'

/**
 * Breaks lines between words so that they fit the terminal; what goes on is indented. A word that is longer than
 * the terminal, such as an address, stays whole, so that it can be clicked and copied.
 *
 * @param columns of the terminal; without it nothing is broken
 */
export function hanging(text: string, columns: number | undefined, indent = 2): string {
  if (columns === undefined || columns <= 2 * indent) return text
  return text
    .split('\n')
    .map((line) => hangingLine(line, columns, indent))
    .join('\n')
}

function hangingLine(line: string, columns: number, indent: number): string {
  const lines: string[] = []
  let current = ''
  // Each word with the spaces before it, so that columns stay as they are, and `(0.1 s)` as one.
  for (const word of line.match(/\s*\S+(?: s\)\S*)?/g) ?? []) {
    if (current.trim() !== '' && widthOf(current + word) > columns) {
      lines.push(current)
      current = ' '.repeat(indent) + word.trimStart()
    } else current += word
  }
  return [...lines, current].join('\n')
}

/** Columns, where every character takes one. */
function widthOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length
}
