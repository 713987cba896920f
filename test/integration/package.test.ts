import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { installPackage, type Project } from '../support/installed-package.ts'

const seconds = 1000

const entries = [
  'dist/bin/main.js',
  'dist/lib/index.js',
  'dist/lib/record-source.js',
  'dist/lib/tenant-function.js',
]

/** The root has what both entry points have. */
const both = `
import * as root from 'ecos-eventbridge'
import * as recordSource from 'ecos-eventbridge/record-source'
import * as tenantFunction from 'ecos-eventbridge/tenant-function'
export const same: typeof recordSource & typeof tenantFunction = root
`

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  module: 'nodenext',
  target: 'es2022',
  types: ['node'],
  noEmit: true,
}

describe('the package, installed into an empty project', () => {
  let project: Project
  beforeAll(async () => {
    project = await installPackage()
  }, 300 * seconds)
  afterAll(() => project?.remove())

  const ecosEventbridge = (...args: string[]) =>
    project.run('npx', '--no-install', 'ecos-eventbridge', ...args)

  it(
    'has the command',
    async () => {
      expect(await ecosEventbridge('--help')).toMatch(/^Usage: ecos-eventbridge .*\n {2}bridge /s)
      const preview = ecosEventbridge('templates', 'preview', '--type', 'task.create')
      expect(await preview).toMatch(/^Title: Новая задача: /m)
      const unset = ecosEventbridge('migrate', 'plan', '--tenant', 'acme')
      await expect(unset).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^Missing environment variables: .*TENANTS_FILE.*\n$/),
      })
    },
    300 * seconds,
  )

  it(
    'can be imported, and tells a function without settings what it lacks',
    async () => {
      const file = join(project.folder, 'handler.mjs')
      await writeFile(
        file,
        "import { onEcosEvent } from 'ecos-eventbridge'\nonEcosEvent('task.create', async () => {})\n",
      )
      await expect(project.run('node', file)).rejects.toMatchObject({
        stderr: expect.stringMatching(/EcosError: Missing environment variables: .*ECOS_TENANT/),
      })
    },
    300 * seconds,
  )

  it(
    'has types for a strict project that checks its libraries too',
    async () => {
      const files = ['tenant-function.ts', 'record-source.ts']
      for (const file of files)
        await cp(`test/fixtures/package/${file}`, join(project.folder, file))
      await writeFile(join(project.folder, 'both.ts'), both)
      const config = { compilerOptions, files: [...files, 'both.ts'] }
      await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify(config))
      expect(await project.run('tsc')).toBe('')
    },
    300 * seconds,
  )

  it.each(['ecos-eventbridge', 'ecos-eventbridge/tenant-function'])(
    "a tenant's function that imports %s makes a small bundle, without amqplib",
    async (specifier) => {
      const { metafile } = await build({
        stdin: {
          contents: `export { onEcosEvent } from '${specifier}'`,
          resolveDir: project.folder,
        },
        bundle: true,
        minify: true,
        platform: 'node',
        format: 'esm',
        external: ['@aws-sdk/*'],
        write: false,
        metafile: true,
      })
      const [bundle] = Object.values(metafile.outputs)
      expect(bundle?.bytes).toBeLessThan(250_000)
      expect(Object.keys(bundle?.inputs ?? {}).join()).not.toMatch(/node_modules\/amqplib/)
    },
    300 * seconds,
  )

  it('holds what was built, its docs and its examples, and nothing else', async () => {
    const files = await filesOf(project)
    const needed = [...entries, 'dist/lib/index.d.ts', 'dist/console/page/app.js']
    expect(files).toEqual(expect.arrayContaining(needed))
    const built = /^dist\/(bin|console|lib)\/.+\.(js|d\.ts|liquid|css|svg)$/
    const others = files.filter((file) => !built.test(file) && !/^(docs|examples)\//.test(file))
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'README.ru.md',
      'bin/ecos-eventbridge.mjs',
      'package.json',
    ])
  })

  it('every module in it is imported, and imports only what comes with it', async () => {
    const { metafile } = await build({
      absWorkingDir: packageIn(project),
      entryPoints: entries,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outdir: '.',
      write: false,
      metafile: true,
    })
    const modules = (await filesOf(project)).filter((file) =>
      /^dist\/(bin|console\/server|lib)\/.+\.js$/.test(file),
    )
    expect(modules.filter((file) => metafile.inputs[file] === undefined)).toEqual([])
    const { dependencies } = JSON.parse(
      await readFile(join(packageIn(project), 'package.json'), 'utf8'),
    )
    const packages = Object.values(metafile.inputs)
      .flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
      .filter((path) => !isBuiltin(path))
      .map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    expect([...new Set(packages)].filter((name) => dependencies[name] === undefined)).toEqual([])
  })
})

function packageIn({ folder }: Project): string {
  return join(folder, 'node_modules', 'ecos-eventbridge')
}

async function filesOf(project: Project): Promise<string[]> {
  const installed = packageIn(project)
  const found = await readdir(installed, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(installed, join(parentPath, name)))
}
