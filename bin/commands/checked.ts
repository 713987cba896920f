import { InvalidArgumentError } from 'commander'
import type * as z from 'zod'
import { translated } from '../say.ts'

/** Makes the parser of an option's text from its schema, whose messages end the error. */
export function checked(schema: z.ZodType<string>): (text: string) => string {
  return (text) => {
    const parsed = schema.safeParse(text)
    if (parsed.success) return parsed.data
    throw new InvalidArgumentError(
      `${parsed.error.issues.map(({ message }) => translated(message)).join('; ')}.`,
    )
  }
}
