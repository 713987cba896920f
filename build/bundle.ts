import { readdir, rm } from 'node:fs/promises'
import { type BuildOptions, build } from 'esbuild'

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

/**
 * Bundles each function of functions/ into dist/functions/<name>: index.mjs has what the start uses, and
 * dynamic imports (the SDK's credential providers) are files beside it, which a cold start does not read.
 */
export async function bundleFunctions(): Promise<void> {
  const files = (await readdir('functions')).filter((file) => file.endsWith('.ts'))
  await rm('dist/functions', { recursive: true, force: true })
  // One build each: a joint build would put shared files into one folder.
  for (const file of files) {
    await build({
      ...options,
      entryPoints: { index: `functions/${file}` },
      outdir: `dist/functions/${file.replace(/\.ts$/, '')}`,
      splitting: true,
    })
  }
}

/** Bundles each entry point into one file. */
export async function bundle(
  entryPoints: { in: string; out: string }[],
  outdir: string,
): Promise<void> {
  await build({ ...options, entryPoints, outdir })
}
