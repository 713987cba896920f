/** Cuts at the limit in UTF-16 code units, never through a character that takes two. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/**
 * As much of the text as fits, cut as above.
 *
 * @param fits true of a text whenever it is true of a longer one that begins with it
 */
export function cutToFit(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text
  let [fitting, tooMuch] = [0, text.length]
  while (tooMuch - fitting > 1) {
    const middle = Math.floor((fitting + tooMuch) / 2)
    if (fits(cut(text, middle))) fitting = middle
    else tooMuch = middle
  }
  return fitting === 0 ? '' : cut(text, fitting)
}
