import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import { fault } from '../say.ts'
import { note } from './text.ts'

/**
 * JSON, or else CSV with commas, semicolons (as Excel writes it in Russian) or tabs.
 *
 * @throws EcosError `file-unreadable`
 */
export async function readPeopleFile(file: string): Promise<unknown> {
  const text = await textOf(file)
  if (/^\s*[[{]/.test(text)) {
    const json = parseExactJson(text)
    if (json === undefined) throw fault('file-unreadable', '{file} is not JSON', { file })
    return json
  }
  const [head = ''] = text.trimStart().split('\n', 1)
  const delimiter = [';', '\t'].find((one) => head.includes(one)) ?? ','
  try {
    const options = { columns: true, trim: true, skip_empty_lines: true } as const
    return parse(text, { ...options, delimiter })
  } catch (cause) {
    // The message may quote a person; the code and the line do not.
    const at =
      cause instanceof CsvError ? `${cause.code}, line ${cause['lines'] ?? '?'}` : 'unknown'
    throw new EcosError('file-unreadable', `${file} is not CSV: ${at}`)
  }
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw fault(
      'file-unreadable',
      "{file} can't be read: {why}",
      { file, why: messageOf(cause) },
      cause,
    )
  })
  const encoding = encodingOf(bytes)
  if (encoding === 'windows-1251') note(`${file}: note: is not UTF-8: read as ${encoding}`)
  // Without the byte-order mark.
  return new TextDecoder(encoding).decode(bytes)
}

/** Excel writes "Unicode text" in UTF-16, and CSV in the code page of Windows: that of Russian is 1251. */
function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'windows-1251' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return isUtf8(bytes) ? 'utf-8' : 'windows-1251'
}
