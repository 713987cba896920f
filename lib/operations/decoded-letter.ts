import { isObject, parseJson } from '../parse.ts'
import type { DeadLetter } from './dead-letter.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * A letter to be read by people: its body as JSON, and the body of a quarantined message as JSON or
 * text. A body that is not text stays in base64.
 */
export function decodeLetter({ body, ...letter }: DeadLetter): object {
  const parsed = parseJson(body)
  if (letter.kind !== 'quarantined' || !isObject(parsed)) {
    return { ...letter, body: parsed === undefined ? body : parsed }
  }
  const { body: encoded, ...record } = parsed
  if (typeof encoded !== 'string') return { ...letter, body: parsed }
  return { ...letter, body: { ...record, ...decodedBody(encoded) } }
}

function decodedBody(encoded: string): object {
  const text = textOf(Buffer.from(encoded, 'base64'))
  if (text === undefined) return { bodyBase64: encoded }
  const json = parseJson(text)
  return { body: json === undefined ? text : json }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}
