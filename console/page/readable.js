/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */

/**
 * A message, indented if it is JSON; the body of a quarantined one is decoded from base64, and is JSON if it can be.
 *
 * @param {Pick<ListedLetter, 'kind' | 'body'>} letter
 */
export function readable({ kind, body }) {
  try {
    const record = JSON.parse(body)
    const sent = kind === 'quarantined' && typeof record.body === 'string'
    return JSON.stringify(sent ? { ...record, body: decoded(record.body) } : record, undefined, 2)
  } catch {
    return body
  }
}

/** @param {string} base64 */
function decoded(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const text = new TextDecoder().decode(bytes)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
