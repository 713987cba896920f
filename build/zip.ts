import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { zipSync } from 'fflate'
import { createFingerprint } from './fingerprint.ts'

/** A function of serverless.yml, as far as it is read and set here. */
interface PackagedFunction {
  readonly package: { readonly patterns: readonly string[]; artifact?: string | undefined }
}

/** Equal files make equal zips, on any day, in any time zone: DOS times are local, and begin in 1980. */
const entryOptions = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 }

/**
 * Zips each function's files into `folder` and says so to the framework. Left to itself, the framework lists the whole
 * project for each function, node_modules and .local included. A function whose files have not changed keeps its zip.
 *
 * @param keptIn the folder with the last zip of each function: `<function>-<fingerprint of its files>.zip`
 */
export async function zipFunctions(
  functions: Readonly<Record<string, PackagedFunction>>,
  folder: string,
  keptIn = 'dist/zips',
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await mkdir(keptIn, { recursive: true })
  const fingerprintOf = createFingerprint()
  for (const [name, { package: packaged }] of Object.entries(functions)) {
    const artifact = join(folder, `${name}.zip`)
    const files = await filesOf(packaged.patterns)
    const fingerprint = await fingerprintOf([...files, 'build/zip.ts'])
    const kept = join(keptIn, `${name}-${fingerprint}.zip`)
    if (!existsSync(kept)) {
      await removeZipsOf(name, keptIn)
      await writeZip(kept, files)
    }
    await copyFile(kept, artifact)
    packaged.artifact = artifact
  }
}

/** The files that patterns such as `!**`, `dist/functions/x/**` and `tenants.yml` select, sorted. */
async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const included = patterns.filter((pattern) => !pattern.startsWith('!'))
  const files = included.map(async (pattern) => {
    const path = posix.normalize(pattern)
    return path.endsWith('/**') ? filesIn(path.slice(0, -'/**'.length)) : [path]
  })
  return (await Promise.all(files)).flat().sort()
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => posix.join(parentPath, name))
}

async function removeZipsOf(name: string, keptIn: string): Promise<void> {
  const old = (await readdir(keptIn)).filter((entry) => entry.startsWith(`${name}-`))
  for (const entry of old) await rm(join(keptIn, entry))
}

async function writeZip(path: string, files: readonly string[]): Promise<void> {
  const contents = files.map(async (file) => [file, await readFile(file)] as const)
  const zipped = zipSync(Object.fromEntries(await Promise.all(contents)), entryOptions)
  // A killed run leaves nothing that would be taken for a whole zip.
  await writeFile(`${path}.part`, zipped)
  await rename(`${path}.part`, path)
}
