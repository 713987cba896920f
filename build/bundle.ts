import { basename, posix, relative, sep } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { builtinModules } from './builtin-modules.ts'
import { credentialSources } from './credential-sources.ts'
import { lazyFiles, lazyPackages } from './lazy-packages.ts'

const options: BuildOptions = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // Identifiers stay, for stack traces. With keepNames each function would be named when it is made, which takes time.
  minifyWhitespace: true,
  minifySyntax: true,
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

/** Bundles each entry point into one file. */
export async function bundle(
  entryPoints: { in: string; out: string }[],
  outdir: string,
): Promise<void> {
  await build({ ...options, plugins: [builtinModules], entryPoints, outdir })
}

export interface Bundle {
  readonly name: string
  /** index.mjs and the chunks that it imports, at its start or later. */
  readonly files: readonly { readonly name: string; readonly contents: Uint8Array }[]
  /** The input files of which parts are in these. */
  readonly inputs: readonly string[]
}

/**
 * Bundles <folder>/<name>.ts for each name, in one build: what they share is parsed once. Parts that only some of them
 * use become chunks of their own, and so do dynamic imports.
 *
 * @returns the bundles, and all files that were read for them
 */
export async function bundleTogether(
  names: readonly string[],
  folder = 'functions',
): Promise<{ bundles: Bundle[]; inputs: string[] }> {
  const { metafile, outputFiles } = await build({
    ...options,
    plugins: [
      builtinModules,
      credentialSources,
      lazyPackages({ renders: names.some((name) => name.startsWith('on-')) }),
    ],
    entryPoints: names.map((name) => ({ in: `${folder}/${name}.ts`, out: name })),
    outdir: 'dist/functions',
    splitting: true,
    metafile: true,
    write: false,
  })
  // The metafile has paths with slashes on Windows, too.
  const contents = new Map(
    outputFiles.map(({ path, contents }) => {
      return [relative('.', path).replaceAll(sep, posix.sep), contents]
    }),
  )
  const bundles = await Promise.all(
    names.map(async (name) => {
      const entry = `dist/functions/${name}.mjs`
      const outputs = [...reachableFrom(entry, metafile)]
      const inputs = outputs.flatMap((output) =>
        Object.keys(metafile.outputs[output]?.inputs ?? {}),
      )
      const lazy = await lazyFiles(inputs)
      const own = outputs.map((output) => ({
        name: output === entry ? 'index.mjs' : basename(output),
        contents: contents.get(output) as Uint8Array,
      }))
      return {
        name,
        files: [...own, ...lazy],
        inputs: [...inputs, ...lazy.flatMap(({ inputs }) => inputs)].filter(isFile),
      }
    }),
  )
  const inputs = [
    ...Object.keys(metafile.inputs).filter(isFile),
    ...bundles.flatMap(({ inputs }) => inputs),
  ]
  return { bundles, inputs: [...new Set(inputs)] }
}

/** Not made by a plugin. */
function isFile(input: string): boolean {
  return !/^[a-z-]+:/.test(input)
}

/** An output and those that it imports, directly or not. */
function reachableFrom(output: string, metafile: Metafile, found = new Set<string>()): Set<string> {
  found.add(output)
  for (const { path, external } of metafile.outputs[output]?.imports ?? []) {
    if (!external && !found.has(path)) reachableFrom(path, metafile, found)
  }
  return found
}
