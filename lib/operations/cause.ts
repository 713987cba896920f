/** An error code of this project, alone or before its explanation: `template-failed: line 3`. */
const coded = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?=: |$)/

/** Values in a free text, in this order: quoted text, URLs, addresses, ids and long numbers. */
const values = [
  /"[^"]*"|'[^']*'|“[^”]*”|«[^»]*»|<[^>]*>/gu,
  /\b[a-z][a-z0-9+.-]*:\/\/\S+/gu,
  // From the beginning of a word alone: long texts without @ would be tried at each letter.
  /(?<!\S)\S+@\S+/gu,
  /\b(?=[\w$:.-]*\d)[\w$:.-]{8,}|\b\d{4,}\b/gu,
]

/** Characters of a cause, at most. */
const maxLength = 120

/**
 * The part of a reason that many letters share: the error code or, in a free text such as a
 * provider's answer, the text without its values. Status codes such as `HTTP 503` stay.
 */
export function causeOf(reason: string): string {
  const code = coded.exec(reason)?.[1]
  if (code !== undefined) return code
  const start = reason.slice(0, 10 * maxLength)
  const text = values.reduce((rest, pattern) => rest.replace(pattern, '…'), start)
  return text.replace(/\s+/gu, ' ').trim().slice(0, maxLength).trim()
}
