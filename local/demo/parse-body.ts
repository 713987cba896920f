/** A string, or a number that Python writes and JSON does not have. */
const tokens = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g

/**
 * Parses an event that the local AWS delivered. MiniStack, in Python, reads a number beyond a double's
 * range (1e400) as infinite and writes it as `Infinity`, which is not JSON: it counts as null here.
 */
// biome-ignore lint/suspicious/noExplicitAny: as JSON.parse returns it.
export function parseBody(text: string): any {
  return JSON.parse(text.replaceAll(tokens, (token) => (token.startsWith('"') ? token : 'null')))
}
