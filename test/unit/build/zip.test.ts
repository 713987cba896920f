import { mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { strFromU8, unzipSync } from 'fflate'
import { zipFunctions } from '../../../build/zip.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecos-zip-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Zips one function into a folder of its own. @returns the path of its zip, as the framework is told it */
async function zip(patterns: readonly string[], into = 'one'): Promise<string> {
  const functions = { Some: { package: { patterns, artifact: undefined as string | undefined } } }
  await zipFunctions(functions, join(folder, into), join(folder, 'kept'))
  return functions.Some.package.artifact ?? ''
}

it('holds the files that the patterns name, and no other, by their paths in the project', async () => {
  const artifact = await zip(['!**', 'test/fixtures/templates/**', './tenants.yml'])
  expect(artifact).toBe(join(folder, 'one', 'Some.zip'))
  const entries = unzipSync(await readFile(artifact))
  const templates = await readdir('test/fixtures/templates', {
    recursive: true,
    withFileTypes: true,
  })
  const files = templates.filter((entry) => entry.isFile())
  expect(Object.keys(entries).sort()).toEqual(
    [...files.map(({ parentPath, name }) => join(parentPath, name)), 'tenants.yml'].sort(),
  )
  expect(strFromU8(entries['tenants.yml'] as Uint8Array)).toBe(
    await readFile('tenants.yml', 'utf8'),
  )
})

it('can be read by Lambda, whoever packaged it', async () => {
  const bytes = await readFile(await zip(['tenants.yml']))
  // The central directory's header of the one file: made by Unix, a regular file, rw-r--r--.
  const header = bytes.indexOf('PK\u0001\u0002')
  expect(bytes[header + 5]).toBe(3)
  expect((bytes.readUInt32LE(header + 38) >>> 16).toString(8)).toBe('100644')
})

it('has the same bytes for the same files', async () => {
  const first = await readFile(await zip(['tenants.yml']))
  await rm(join(folder, 'kept'), { recursive: true })
  expect(await readFile(await zip(['tenants.yml'], 'two'))).toEqual(first)
})

it('is kept until a file changes, and then replaced', async () => {
  const kept = async () =>
    (await readdir(join(folder, 'kept'))).map((name) => join(folder, 'kept', name))
  await zip(['tenants.yml'])
  const [first = ''] = await kept()
  await utimes(first, 1, 1)
  await zip(['tenants.yml'])
  expect((await stat(first)).mtimeMs).toBe(1_000)
  const other = await zip(['package.json'])
  const [second = '', ...more] = await kept()
  expect([second === first, more]).toEqual([false, []])
  expect(await readFile(other)).toEqual(await readFile(second))
})

it('fails for a file that does not exist', async () => {
  await expect(zip(['test/fixtures/no-such-file.yml'])).rejects.toThrow('no-such-file.yml')
})
