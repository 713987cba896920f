/** Elements of HTML that people's texts contain. Other words in angle brackets are no tags. */
const elements =
  'a|abbr|article|b|big|blockquote|br|center|cite|code|col|dd|del|details|div|dl|dt|em|figure|font|footer|form|' +
  'h[1-6]|header|hr|i|iframe|img|input|ins|kbd|label|li|main|mark|nav|ol|p|pre|q|s|section|small|span|strike|' +
  'strong|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video'

/** A whole tag: its quoted attributes may contain angle brackets. */
const tag = new RegExp(`</?(?:${elements})(?:\\s(?:"[^"]*"|'[^']*'|[^<>"'])*)?/?>`, 'gi')

/** What is not text at all, with its content. */
const hidden = /<!--.*?-->|<(script|style)\b[^>]*>.*?<\/\1\s*>/gis

/** A tag at which a line ends. */
const lineEnd = /^<(?:br|hr)\b|^<\/(?:p|div|li|tr|h[1-6]|blockquote|pre|ul|ol|table|section)\b/i

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/**
 * A text for where nothing shows HTML: the tags of one that is HTML are taken out. A text without tags
 * stays as it is.
 */
export function plainText(text: string): string {
  const withoutTags = text
    .replace(hidden, '')
    .replace(tag, (one) => (lineEnd.test(one) ? '\n' : ''))
  if (withoutTags === text) return text
  return withoutTags
    .replace(/&(\w+|#\d{1,7}|#x[0-9a-f]{1,6});/gi, (whole, name: string) => entityOf(name) ?? whole)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
}

function entityOf(name: string): string | undefined {
  if (!name.startsWith('#')) return entities[name.toLowerCase()]
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  if (code > 0x10_ffff) return undefined
  const character = String.fromCodePoint(code)
  // Neither a control character, which would reach where `clean` has taken them out, nor half a pair.
  return /[\p{Cc}\p{Cs}]/u.test(character) ? undefined : character
}
