import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/**
 * Builds dist/, which the npm package and the worker's image hold: what `bin/main.ts` and the entry
 * points of package.json need, and nothing else.
 */
const entries = ['index', 'tenant-function', 'record-source']
const declarationImport = /(?:from |import\()['"](\.[^'"]+)\.[jt]s['"]/g

for (const path of ['dist/bin', 'dist/console', 'dist/lib', ...globSync('dist/*.tgz')]) {
  rmSync(path, { recursive: true, force: true })
}
execFileSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' })
await prune()
copy('lib/notifications/templates/_built-in/**/*.liquid')
copy('console/page/*.{js,css,svg}')

/** Deletes the modules that only give types to others: tsc emits whatever it reads. */
async function prune(): Promise<void> {
  const { metafile } = await build({
    entryPoints: ['dist/bin/main.js', ...entries.map((name) => `dist/lib/${name}.js`)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'dist',
    write: false,
    metafile: true,
  })
  const needed = new Set(Object.keys(metafile.inputs))
  for (const name of entries) addDeclarations(`dist/lib/${name}.d.ts`, needed)
  for (const file of globSync('dist/{bin,console,lib}/**/*.{js,d.ts}')) {
    if (!needed.has(file)) rmSync(file)
  }
}

/** Adds a declaration file, and those that it imports, to what is needed. */
function addDeclarations(file: string, needed: Set<string>): void {
  if (needed.has(file)) return
  needed.add(file)
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(declarationImport)) {
    addDeclarations(join(file, '..', `${specifier}.d.ts`), needed)
  }
}

function copy(pattern: string): void {
  for (const file of globSync(pattern)) {
    const target = resolve('dist', file)
    mkdirSync(join(target, '..'), { recursive: true })
    cpSync(file, target)
  }
}
