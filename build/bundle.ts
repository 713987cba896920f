import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type BuildOptions, build } from 'esbuild'
import { createFingerprint } from './fingerprint.ts'
import { readSbom, type Sbom, sbomOf } from './sbom.ts'

const options: BuildOptions = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  // CommonJS packages call require for Node's built-in modules.
  banner: {
    js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
  },
  logLevel: 'warning',
}

const outdir = 'dist/functions'

/** The input files of each bundle and their fingerprint, by the function's name. */
const recordFile = 'dist/bundled.json'
type Records = Record<string, { inputs: string[]; fingerprint: string }>

/** Every bundle depends on these too. */
const settings = [
  ...['build/bundle.ts', 'build/sbom.ts'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
]

/**
 * Bundles each function of functions/ into dist/functions/<name>: index.mjs has what the start uses, and
 * dynamic imports (the SDK's credential providers) are files beside it, which a cold start does not read.
 * A function whose sources have not changed keeps its bundle. sbom.json beside it names the packages in it (CycloneDX).
 */
export async function bundleFunctions(): Promise<void> {
  const files = (await readdir('functions')).filter((file) => file.endsWith('.ts'))
  const names = files.map((file) => file.replace(/\.ts$/, ''))
  const records = await readRecords()
  const fingerprintOf = createFingerprint()
  await removeOthers(names)
  let sbom: Promise<Sbom> | undefined
  // One build each: a joint build would put shared files into one folder.
  for (const name of names) {
    const folder = `${outdir}/${name}`
    const record = records[name]
    if (record && existsSync(`${folder}/index.mjs`)) {
      if ((await fingerprintOf(record.inputs)) === record.fingerprint) continue
    }
    await rm(folder, { recursive: true, force: true })
    sbom ??= readSbom()
    const bundled = await bundleFunction(name, folder)
    await writeFile(`${folder}/sbom.json`, JSON.stringify(await sbomOf(await sbom, bundled)))
    const inputs = [...settings, ...bundled]
    records[name] = { inputs, fingerprint: await fingerprintOf(inputs) }
    await writeFile(recordFile, JSON.stringify(records))
  }
}

/** @returns the bundle's input files */
async function bundleFunction(name: string, folder: string): Promise<string[]> {
  const { metafile } = await build({
    ...options,
    entryPoints: { index: `functions/${name}.ts` },
    outdir: folder,
    splitting: true,
    metafile: true,
  })
  return Object.keys(metafile.inputs)
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

/** Bundles each entry point into one file. */
export async function bundle(
  entryPoints: { in: string; out: string }[],
  outdir: string,
): Promise<void> {
  await build({ ...options, entryPoints, outdir })
}
