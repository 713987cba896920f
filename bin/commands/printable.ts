/**
 * Characters that a terminal obeys or that reorder a line: C0 and C1 controls except tab and newline,
 * bidirectional controls, and the Unicode line and paragraph separators.
 */
const unprintable = /[[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]--[\t\n]]/gv

/**
 * Escapes characters of a message that must not reach a terminal, as JSON does: `\u001b`. JSON stays
 * valid, with the same value.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** The same in one line: a cell of a table must not look like another row. */
export function oneLine(text: string): string {
  return printable(text.replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
}
