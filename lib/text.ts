/** Cuts a text to at most `limit` UTF-16 code units, never through a surrogate pair. */
export function cut(text: string, limit: number, ellipsis = '…'): string {
  if (text.length <= limit) return text
  const end = Math.max(0, limit - ellipsis.length)
  return `${text.slice(0, end).replace(/[\ud800-\udbff]$/, '')}${ellipsis}`
}

/**
 * The longest cut of the text that fits.
 *
 * @param fits if it holds for a text, it must hold for each of its prefixes
 */
export function cutToFit(text: string, fits: (text: string) => boolean, ellipsis = '…'): string {
  if (fits(text)) return text
  let [fitting, excess] = [0, text.length]
  while (excess - fitting > 1) {
    const middle = Math.floor((fitting + excess) / 2)
    if (fits(cut(text, middle, ellipsis))) fitting = middle
    else excess = middle
  }
  return fitting < ellipsis.length ? '' : cut(text, fitting, ellipsis)
}

/**
 * JSON text with only the characters that an SQS message may hold. SQS refuses U+FFFE, U+FFFF and lone
 * surrogates (API reference, SendMessage). JSON text has them in strings alone, where the escape is the
 * same value; control characters are escaped in JSON anyway.
 */
export function escapeForSqs(json: string): string {
  const escaped = json.replace(/[\ufffe\uffff]/g, escapeCodeUnit)
  return escaped.isWellFormed() ? escaped : escaped.replace(/\p{Surrogate}/gu, escapeCodeUnit)
}

function escapeCodeUnit(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
