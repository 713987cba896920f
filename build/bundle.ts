import { readdir, rm } from 'node:fs/promises'
import { build } from 'esbuild'

/**
 * Bundles each function of functions/ into a folder of its own, dist/functions/<name>/index.mjs: the
 * function with just what it uses, so that a cold start reads little.
 */
export async function bundleFunctions(): Promise<void> {
  const files = (await readdir('functions')).filter((file) => file.endsWith('.ts'))
  await rm('dist/functions', { recursive: true, force: true })
  await bundle(
    files.map((file) => ({ in: `functions/${file}`, out: `${file.replace(/\.ts$/, '')}/index` })),
    'dist/functions',
  )
}

/** Bundles entry points into a file each, the way the functions are. */
export async function bundle(
  entryPoints: { in: string; out: string }[],
  outdir: string,
): Promise<void> {
  await build({
    entryPoints,
    outdir,
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
  })
}
