import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import pLimit from 'p-limit'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { fileText } from '../../lib/file-text.ts'
import { type Fault, faultAt } from '../../lib/notifications/ecos-templates/faults.ts'
import { templateLimit } from '../../lib/notifications/templates/bounds.ts'
import type { TemplateFiles } from '../../lib/notifications/templates/paths.ts'

/** The files of ECOS's notification artifacts: templates and their descriptions. */
const ofArtifacts = /\.(ftl|meta\.(ya?ml|json))$/

/** Files read at the same time. */
const concurrent = 32

/** UTF-8 bytes of a file at most. Four times what a template may have, for descriptions and character references. */
const maxBytes = 4 * templateLimit

/**
 * Reads the artifacts in a folder, at any depth. What is too large or not UTF-8 is a fault, and left unread.
 *
 * @throws EcosError `file-unreadable` for a folder or file that can't be read at all
 */
export async function readArtifactFiles(
  folder: string,
): Promise<{ readonly files: Record<string, string>; readonly unread: readonly Fault[] }> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const paths = entries
      .filter((entry) => entry.isFile() && ofArtifacts.test(entry.name))
      .map(({ name, parentPath }) => join(parentPath, name))
      .sort()
    const files: Record<string, string> = {}
    const unread: Fault[] = []
    await pLimit(concurrent).map(paths, async (path) => {
      const place = relative(folder, path)
      const text = await textOf(path, place)
      if (typeof text === 'string') files[place] = text
      else unread.push(text)
    })
    return { files, unread }
  } catch (cause) {
    if (cause instanceof EcosError) throw cause
    throw new EcosError('file-unreadable', `${folder} can't be read: ${messageOf(cause)}`, {
      cause,
    })
  }
}

async function textOf(path: string, place: string): Promise<string | Fault> {
  const { size } = await stat(path)
  if (size > maxBytes) {
    const values = { size, limit: templateLimit }
    return faultAt(place, 'has {size} bytes: a template has at most {limit} characters', values)
  }
  const bytes = await readFile(path)
  try {
    return fileText(bytes)
  } catch {
    return faultAt(place, 'is not UTF-8: convert it')
  }
}

/** The paths of files that are there already, with another content than they would get. */
export async function differing(folder: string, files: TemplateFiles): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const place = join(folder, path)
      return existsSync(place) && (await readFile(place, 'utf8')) !== text ? [path] : []
    }),
  )
  return found.flat()
}

/** The paths of files for all channels (`any.`) in the templates' folders that are not among the given ones. */
export async function superfluous(folder: string, files: TemplateFiles): Promise<string[]> {
  const folders = [...new Set(Object.keys(files).map(dirname))]
  const found = await Promise.all(
    folders.map(async (one) => {
      const names = existsSync(join(folder, one)) ? await readdir(join(folder, one)) : []
      return names
        .map((name) => join(one, name))
        .filter((path) => /^any\..*\.liquid$/.test(basename(path)) && !Object.hasOwn(files, path))
    }),
  )
  return found.flat().sort()
}

/**
 * Writes all files or none: each beside its place first, then all of them into place.
 *
 * @param removed the paths of files that go
 * @throws EcosError `templates-unwritable`
 */
export async function writeTemplates(
  folder: string,
  files: TemplateFiles,
  removed: readonly string[] = [],
): Promise<void> {
  const places = Object.entries(files).map(([path, text]) => ({ place: join(folder, path), text }))
  try {
    for (const { place, text } of places) {
      await mkdir(dirname(place), { recursive: true })
      await writeFile(`${place}.new`, text)
    }
    for (const { place } of places) await rename(`${place}.new`, place)
    for (const path of removed) await rm(join(folder, path), { force: true })
  } catch (cause) {
    await Promise.all(places.map(({ place }) => rm(`${place}.new`, { force: true })))
    throw new EcosError('templates-unwritable', `${folder} can't be written: ${messageOf(cause)}`, {
      cause,
    })
  }
}
