/** Cuts a text to at most `limit` UTF-16 code units, never through a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/**
 * The longest cut of the text that fits.
 *
 * @param fits if it holds for a text, it must hold for each of its prefixes
 */
export function cutToFit(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text
  let [fitting, excess] = [0, text.length]
  while (excess - fitting > 1) {
    const middle = Math.floor((fitting + excess) / 2)
    if (fits(cut(text, middle))) fitting = middle
    else excess = middle
  }
  return fitting === 0 ? '' : cut(text, fitting)
}
