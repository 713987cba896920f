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
  // Some packages are CommonJS and call require for Node's own modules.
  banner: {
    js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
  },
  logLevel: 'warning',
}

/**
 * Bundles each function of functions/ into a folder of its own, dist/functions/<name>: index.mjs with
 * just what its start uses. What is imported later, as the SDK does with most ways to credentials, is
 * in files beside it, which a cold start does not read.
 */
export async function bundleFunctions(): Promise<void> {
  const files = (await readdir('functions')).filter((file) => file.endsWith('.ts'))
  await rm('dist/functions', { recursive: true, force: true })
  // One at a time: functions that are built together would share files of one folder.
  for (const file of files) {
    await build({
      ...options,
      entryPoints: { index: `functions/${file}` },
      outdir: `dist/functions/${file.replace(/\.ts$/, '')}`,
      splitting: true,
    })
  }
}

/** Bundles entry points into a file each. */
export async function bundle(
  entryPoints: { in: string; out: string }[],
  outdir: string,
): Promise<void> {
  await build({ ...options, entryPoints, outdir })
}
