import { isUtf8 } from 'node:buffer'
import { CsvError, parse } from 'csv-parse/sync'
import { EcosError } from '../../lib/errors.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import { fileText, hasMark } from '../../lib/file-text.ts'
import { fault } from '../say.ts'
import { note } from './text.ts'
import { readAs } from './text-file.ts'

/**
 * JSON, or else CSV with commas, semicolons (as Excel writes it in Russian) or tabs.
 *
 * @throws EcosError `file-unreadable`
 */
export async function readPeopleFile(file: string): Promise<unknown> {
  const text = readAs(file, (bytes) => textOf(bytes, file))
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

/** Excel writes CSV in the code page of Windows: that of Russian is 1251. */
function textOf(bytes: Buffer, file: string): string {
  if (hasMark(bytes) || isUtf8(bytes)) return fileText(bytes)
  note(`${file}: note: is not UTF-8: read as windows-1251`)
  return new TextDecoder('windows-1251').decode(bytes)
}
