import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type Bundle, bundleTogether } from './bundle.ts'
import { createFingerprint, type Fingerprint } from './fingerprint.ts'
import { readSbom, type Sbom, sbomOf } from './sbom.ts'

const outdir = 'dist/functions'

/** How the functions of a kind were bundled, by the kind. */
const recordFile = 'dist/bundled.json'
type Records = Record<string, KindRecord>
interface KindRecord {
  /** All files on which the bundles depend, and their fingerprint. */
  readonly inputs: readonly string[]
  readonly fingerprint: string
  /** By the function's name, the files of which parts are in its bundle. */
  readonly functions: Readonly<Record<string, readonly string[]>>
}

/** Every bundle depends on these too. */
const settings = [
  ...['build/bundle.ts', 'build/builtin-modules.ts', 'build/credential-sources.ts'],
  ...['build/lazy-packages.ts', 'build/bundle-functions.ts', 'build/sbom.ts'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
]

/**
 * Bundles each function of functions/ into dist/functions/<name>: index.mjs and the chunks that it imports have what
 * the start uses, and dynamic imports (the clients of SQS and S3) are files beside them, which a cold start does not
 * read. sbom.json names the packages in the bundle (CycloneDX).
 *
 * The functions of a kind (`on-*`, `send-*`, …) have nearly everything in common and are bundled together, or keep their
 * bundles while no source has changed. All functions together would be split into three times as many chunks, each of
 * which costs a cold start its time.
 */
export async function bundleFunctions(): Promise<void> {
  const files = (await readdir('functions')).filter((file) => file.endsWith('.ts'))
  const names = files.map((file) => file.replace(/\.ts$/, ''))
  const records = await readRecords()
  const fingerprintOf = createFingerprint()
  await removeOthers(names)
  let sbom: Promise<Sbom> | undefined
  for (const [kind, members] of Map.groupBy(names, (name) => name.replace(/-.*/, ''))) {
    const record = records[kind]
    if (record && (await isCurrent(record, members, fingerprintOf))) continue
    sbom ??= readSbom()
    // A killed run leaves nothing that would be taken for whole bundles once the sources are as before.
    delete records[kind]
    await writeFile(recordFile, JSON.stringify(records))
    const [{ bundles, inputs }, all] = await Promise.all([bundleTogether(members), sbom])
    for (const bundle of bundles) await writeBundle(bundle, all)
    const sources = [...settings, ...inputs]
    records[kind] = {
      inputs: sources,
      fingerprint: await fingerprintOf(sources),
      functions: Object.fromEntries(bundles.map(({ name, inputs }) => [name, inputs])),
    }
    await writeFile(recordFile, JSON.stringify(records))
  }
}

async function isCurrent(
  { inputs, fingerprint, functions }: KindRecord,
  names: readonly string[],
  fingerprintOf: Fingerprint,
): Promise<boolean> {
  const bundled = names.filter((name) => name in functions)
  const exist = bundled.every((name) => existsSync(`${outdir}/${name}/index.mjs`))
  if (!exist || bundled.length < names.length) return false
  return (await fingerprintOf(inputs)) === fingerprint
}

async function writeBundle({ name, files, inputs }: Bundle, all: Sbom): Promise<void> {
  const folder = `${outdir}/${name}`
  await writeFiles(folder, files)
  await writeFile(`${folder}/sbom.json`, JSON.stringify(await sbomOf(all, inputs)))
}

/** Writes a bundle's files into a folder of their own. */
export async function writeFiles(folder: string, files: Bundle['files']): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await Promise.all(files.map(({ name, contents }) => writeFile(`${folder}/${name}`, contents)))
}

async function readRecords(): Promise<Records> {
  try {
    return JSON.parse(await readFile(recordFile, 'utf8'))
  } catch {
    return {}
  }
}

/** Deletes the bundles of functions that no longer exist. */
async function removeOthers(names: readonly string[]): Promise<void> {
  await mkdir(outdir, { recursive: true })
  const stale = (await readdir(outdir)).filter((entry) => !names.includes(entry))
  for (const entry of stale) await rm(`${outdir}/${entry}`, { recursive: true })
}
