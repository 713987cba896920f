import { readFileSync } from 'node:fs'
import { messageOf } from '../../lib/errors.ts'
import { fileText } from '../../lib/file-text.ts'
import { fault, translated } from '../say.ts'

/**
 * Reads a text that a person wrote.
 *
 * @param file `-` for standard input
 * @throws EcosError `file-unreadable`
 */
export function readTextFile(file: string): string {
  return readAs(file, fileText)
}

/** As readTextFile, of a file whose bytes may be read in another way. */
export function readAs(file: string, textOf: (bytes: Buffer) => string): string {
  try {
    return textOf(readFileSync(file === '-' ? 0 : file))
  } catch (cause) {
    const problem = "{file} can't be read: {why}"
    throw fault('file-unreadable', problem, { file, why: whyOf(cause) }, cause)
  }
}

/** The operating system's reason, or that it is no text, in the language of the command line. */
export function whyOf(cause: unknown): string {
  return translated(messageOf(cause))
}
