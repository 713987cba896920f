import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readPeopleFile } from '../../../bin/commands/people-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'people-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function read(content: string | Buffer): Promise<unknown> {
  const file = join(folder, 'people')
  writeFileSync(file, content)
  return readPeopleFile(file)
}

const rows = [{ userName: 'ivanov', displayName: 'Иванов "И"; И.' }]
const csv = 'userName;displayName\r\nivanov;"Иванов ""И""; И."\r\n'
/** `Иванов "И"; И.` in quotes, in the code page of Russian Windows. */
const windows = Buffer.concat([
  Buffer.from('userName;displayName\r\nivanov;"'),
  Buffer.from([0xc8, 0xe2, 0xe0, 0xed, 0xee, 0xe2]),
  Buffer.from(' ""'),
  Buffer.from([0xc8]),
  Buffer.from('""; '),
  Buffer.from([0xc8]),
  Buffer.from('."\r\n'),
])

describe('a file of people is read', () => {
  it.each<[string, string | Buffer]>([
    ['in UTF-8', csv],
    ['in UTF-8 with a byte-order mark', `\ufeff${csv}`],
    ['in UTF-16, with tabs', Buffer.from(`\ufeff${tabs(csv)}`, 'utf16le')],
    ['in windows-1251, as Excel writes CSV in Russian', windows],
    ['after blank lines', `\r\n\n${csv}`],
    ['with the line ends of an old Mac', csv.replaceAll('\r\n', '\r')],
    ['as JSON', JSON.stringify(rows)],
    ['as JSON with a byte-order mark', `\ufeff \n${JSON.stringify(rows)}`],
  ])('%s', async (_, content) => {
    expect(await read(content)).toEqual(rows)
  })

  it('unless its rows do not fit, and then no person is quoted', async () => {
    const failure = read('login,mail\nivanov,a@acme.example,secret\n')
    await expect(failure).rejects.toMatchObject({ code: 'file-unreadable' })
    await expect(failure).rejects.not.toThrow(/ivanov|acme|secret/)
  })
})

/** The separators alone: the name has a semicolon of its own. */
function tabs(text: string): string {
  return text.replace('userName;', 'userName\t').replace('ivanov;', 'ivanov\t')
}
