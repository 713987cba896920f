/** @typedef {import('./texts.js').Words} Words */
/** @typedef {Readonly<Record<Words['language'], Readonly<Record<string, string>>>>} Meanings */

/**
 * What the cause of a dead letter means, and what to do.
 *
 * @param {string} cause a code, or a provider's own words, which have no other meaning
 * @param {Meanings | undefined} meanings
 * @param {Words} words
 * @returns {string | undefined}
 */
export function meaningOf(cause, meanings, { language, text: { refusals } }) {
  if (Object.hasOwn(refusals, cause)) return refusals[/** @type {keyof typeof refusals} */ (cause)]
  const known = meanings?.[language] ?? {}
  return Object.hasOwn(known, cause) ? known[cause] : undefined
}
