import { say } from '../say.ts'

/** Edits that a misspelt word may have, by its length. */
const tolerated = (word: string) => Math.max(1, Math.floor(word.length / 3))

/** The word that was probably meant, or undefined if none is near. */
export function closest(word: string, words: readonly string[]): string | undefined {
  const given = word.toLowerCase()
  const near = words
    .map((one) => ({ one, edits: editsBetween(given, one.toLowerCase()) }))
    .filter(({ edits }) => edits <= tolerated(word))
    .sort((a, b) => a.edits - b.edits)
  return near[0]?.one
}

/** ` (Did you mean acme?)`, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const meant = closest(word, words)
  return meant === undefined ? '' : ` (${say('Did you mean {word}?', { word: meant })})`
}

/** The Levenshtein distance: characters added, removed or replaced. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [line, character] of [...from].entries()) {
    const next = [line + 1]
    for (const [at, other] of [...to].entries()) {
      const replaced = (row[at] ?? 0) + (character === other ? 0 : 1)
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
