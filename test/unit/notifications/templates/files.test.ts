import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../../lib/errors.ts'
import {
  filesFor,
  readBuiltIn,
  readKnown,
  readOperators,
} from '../../../../lib/notifications/templates/files.ts'

/** Runs with a folder of these files. */
async function within(
  files: Readonly<Record<string, string | Buffer>>,
  run: (folder: string) => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ecos-templates-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    run(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('a folder of templates', () => {
  it('has all files but those that only stand beside templates', async () => {
    const templates = {
      'acme/task.create/any.ru.liquid': 'Задача\n',
      '_all/layout.html.liquid': '<p>',
      'stray.txt': 'x',
      'acme/README.md.liquid': 'x',
      'acme/OLD-README.md': 'x',
    }
    const beside = {
      'README.md': 'x',
      'acme/README.md': 'x',
      '.gitignore': 'x',
      'acme/.DS_Store': 'x',
    }
    await within({ ...templates, ...beside }, (folder) => {
      expect(readOperators(folder)).toEqual(templates)
      expect(readOperators(`${folder}/`)).toEqual(templates)
    })
  })

  it('is read without the mark that editors put before a text', async () => {
    await within({ 'acme/x/any.ru.liquid': '\ufeffЗадача' }, (folder) => {
      expect(readOperators(folder)).toEqual({ 'acme/x/any.ru.liquid': 'Задача' })
    })
  })

  it('that is not there, or has a file that is no text, is told by its path', async () => {
    const unreadable = (path: string) =>
      expect.objectContaining({
        code: 'templates-unreadable',
        message: expect.stringContaining(path),
        cause: expect.anything(),
      })
    expect(() => readOperators('no-such-folder')).toThrow(unreadable("Templates can't be read: "))
    await within({ 'acme/x/any.ru.liquid': Buffer.from([0xc3, 0x28, 0xff]) }, (folder) => {
      const path = `${folder}/acme/x/any.ru.liquid can't be read: `
      expect(() => readOperators(folder)).toThrow(unreadable(path))
      expect(() => readOperators(folder)).toThrow(EcosError)
    })
  })

  it('is known together with the built-in ones, if there is one', async () => {
    const builtIn = readBuiltIn()
    expect(readKnown('no-such-folder')).toEqual(builtIn)
    await within({ 'acme/x/any.ru.liquid': 'x' }, (folder) => {
      expect(readKnown(folder)).toEqual({ ...builtIn, 'acme/x/any.ru.liquid': 'x' })
    })
  })
})

it('the built-in templates are those of our folder alone', () => {
  const paths = Object.keys(readBuiltIn())
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !/^_built-in\/.*\.liquid$/.test(path))).toEqual([])
})

it('the templates for some tenants are theirs, those for all, and the built-in ones', () => {
  const files = {
    ...{ 'acme/a': '1', '_acme_20corp/a': '2', 'other/a': '3', 'acme.b/a': '4', stray: '5' },
    ...{ '_all/a': '6', '_built-in/a': '7' },
  }
  const common = { '_all/a': '6', '_built-in/a': '7' }
  expect(filesFor([], files)).toEqual(common)
  expect(filesFor(['acme', 'acme corp'], files)).toEqual({
    ...{ 'acme/a': '1', '_acme_20corp/a': '2' },
    ...common,
  })
})
