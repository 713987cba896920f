import { decodeHTMLStrict } from 'entities/decode'

/** Elements of HTML that people's texts contain. Other words in angle brackets are no tags. */
const elements =
  'a|abbr|article|b|big|blockquote|br|center|cite|code|col|dd|del|details|div|dl|dt|em|figure|font|footer|form|' +
  'h[1-6]|header|hr|i|iframe|img|input|ins|kbd|label|li|main|mark|nav|ol|p|pre|q|s|section|small|span|strike|' +
  'strong|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video'

/** Attributes without a value. Other words after an element's name are text: `if x <a and y> b`. */
const flags =
  'allowfullscreen|autofocus|autoplay|checked|compact|controls|default|disabled|download|hidden|inert|ismap|loop|' +
  'multiple|muted|noshade|novalidate|nowrap|open|readonly|required|reversed|selected'

const attribute = `[\\w:.@-]+\\s*=\\s*(?:"[^"]*"|'[^']*'|[^\\s"'<>=]+)|(?:${flags})(?=[\\s/>])`

/** A whole tag: its quoted attributes may contain angle brackets. */
const tag = new RegExp(`</?(?:${elements})(?:\\s+(?:${attribute}))*\\s*/?>`, 'gi')

/** What is not text at all, with its content. */
const hidden = /<!--.*?-->|<(script|style)\b[^>]*>.*?<\/\1\s*>/gis

/** A tag at which a line ends. */
const lineEnd = /^<(?:br|hr)\b|^<\/(?:p|div|li|tr|h[1-6]|blockquote|pre|ul|ol|table|section)\b/i

const entity = /&(?:[a-z][a-z0-9]{1,31}|#\d{1,7}|#x[0-9a-f]{1,6});/gi

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
    .replace(entity, characterOf)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
}

/** An entity that nobody knows stays as it is written. */
function characterOf(entity: string): string {
  const decoded = decodeHTMLStrict(entity).replace('\u00a0', ' ')
  // Neither a control character, which would reach where `clean` has taken them out, nor half a pair.
  return /[\p{Cc}\p{Cs}\ufffd]/u.test(decoded) ? entity : decoded
}
