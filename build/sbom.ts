import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A CycloneDX document, as far as it is read here. */
export interface Sbom {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } }
  readonly components: readonly { readonly 'bom-ref': string }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

/** Everything in package-lock.json. npm can't name a workspace without a version, so the workspace is left out. */
export async function readSbom(): Promise<Sbom> {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--workspaces=false']
  const isWindows = process.platform === 'win32'
  const { stdout } = await promisify(execFile)('npm', args, {
    maxBuffer: 64 * 1024 * 1024,
    shell: isWindows,
  })
  return JSON.parse(stdout)
}

/**
 * The part of the document that is in a bundle: the packages of its input files.
 *
 * @throws Error if a package of the bundle is not in the document
 */
export async function sbomOf(all: Sbom, inputs: readonly string[]): Promise<Sbom> {
  const root = JSON.parse(await readFile('package.json', 'utf8'))
  const bundled = await packagesOf(inputs)
  const missing = [...bundled].filter(
    (ref) => !all.components.some((component) => component['bom-ref'] === ref),
  )
  if (missing.length > 0) throw new Error(`npm sbom does not know ${missing.join(', ')}`)
  const rootRef = all.metadata.component['bom-ref']
  const isBundled = (ref: string) => ref === rootRef || bundled.has(ref)
  // The same sources make the same document: without a time and a number of its own, or the name of the folder.
  const { serialNumber: _, ...document } = all as Sbom & { serialNumber?: string }
  const { timestamp: __, ...metadata } = all.metadata as Sbom['metadata'] & { timestamp?: string }
  return {
    ...document,
    metadata: { ...metadata, component: { ...metadata.component, name: root.name } as never },
    components: all.components.filter((component) => bundled.has(component['bom-ref'])),
    dependencies: all.dependencies
      .filter(({ ref }) => isBundled(ref))
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter(isBundled) })),
  }
}

/** `name@version` of the packages to which the files belong. */
async function packagesOf(inputs: readonly string[]): Promise<Set<string>> {
  const folders = new Set(inputs.flatMap((input) => packageFolder(input) ?? []))
  const names = [...folders].map(async (folder) => {
    const { name, version } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
    return `${name}@${version}`
  })
  return new Set(await Promise.all(names))
}

/** The folder below the innermost node_modules: a package may have further package.json files inside. */
function packageFolder(input: string): string | undefined {
  const at = input.lastIndexOf('node_modules/')
  if (at < 0) return undefined
  const [scope = '', name = ''] = input.slice(at + 'node_modules/'.length).split('/')
  const parent = `${input.slice(0, at)}node_modules`
  return scope.startsWith('@') ? `${parent}/${scope}/${name}` : `${parent}/${scope}`
}
