import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { EcosError, messageOf } from '../../lib/errors.ts'
import type { TemplateFiles } from '../../lib/notifications/templates/paths.ts'

/** The files of ECOS's notification artifacts: templates and their descriptions. */
const ofArtifacts = /\.(ftl|meta\.(ya?ml|json))$/

/**
 * Reads the artifacts in a folder, at any depth.
 *
 * @throws EcosError `file-unreadable`, also for a file that is not UTF-8
 */
export async function readArtifactFiles(folder: string): Promise<Record<string, string>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const paths = entries
      .filter((entry) => entry.isFile() && ofArtifacts.test(entry.name))
      .map(({ name, parentPath }) => join(parentPath, name))
      .sort()
    const files = paths.map(async (path) => [relative(folder, path), await textOf(path)] as const)
    return Object.fromEntries(await Promise.all(files))
  } catch (cause) {
    if (cause instanceof EcosError) throw cause
    throw new EcosError('file-unreadable', `${folder} can't be read: ${messageOf(cause)}`, {
      cause,
    })
  }
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path)
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw new EcosError('file-unreadable', `${path} is not UTF-8: convert it`)
}

/** Files that are there already, with another content than they would get. */
export async function differing(folder: string, files: TemplateFiles): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const place = join(folder, path)
      return existsSync(place) && (await readFile(place, 'utf8')) !== text ? [place] : []
    }),
  )
  return found.flat()
}

/** Files for all channels (`any.`) in the templates' folders that are not among the given ones. */
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
  return found
    .flat()
    .map((path) => join(folder, path))
    .sort()
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
    for (const place of removed) await rm(place, { force: true })
  } catch (cause) {
    await Promise.all(places.map(({ place }) => rm(`${place}.new`, { force: true })))
    throw new EcosError('templates-unwritable', `${folder} can't be written: ${messageOf(cause)}`, {
      cause,
    })
  }
}
