import * as z from 'zod'
import { emailAddress } from './email.ts'

/** The sender of mails. Name and address stay apart: the name may hold any character of a line. */
export interface Mailbox {
  /** Empty if there is none. */
  readonly name: string
  /** Its domain in ASCII. */
  readonly address: string
}

/** `ECOS: tasks <ecos@example.org>`, with or without the name, which may be in quotes. */
const shape =
  /^(?:(?<name>\s*"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"\s*|[^<>\p{Cc}]*)<(?<inside>[^<>]*)>|(?<bare>[^<>]*))$/u

/** A mailbox as people write it in a setting; parsed, its name and address. */
export const mailbox = z.string().transform((text, context): Mailbox => {
  const { name = '', inside, bare = '' } = shape.exec(text.trim())?.groups ?? {}
  const checked = emailAddress((inside ?? bare).trim())
  if ('address' in checked) {
    const unquoted = name
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replaceAll(/\\(.)/g, '$1')
    return { name: unquoted, address: checked.address }
  }
  context.addIssue(checked.problem)
  return z.NEVER
})
