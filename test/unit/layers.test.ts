import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { importsOf, layers } from '../../build/layers.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')

describe('the rule of the layers', () => {
  let project: string
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'layers-'))
  })
  afterAll(() => rm(project, { recursive: true }))

  /** @returns the names of the rules that a project of these files breaks, in order */
  async function broken(files: Record<string, string>): Promise<string[]> {
    await rm(join(project, 'lib'), { recursive: true, force: true })
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(project, path)), { recursive: true })
      await writeFile(join(project, path), text)
    }
    const { stdout } = await run(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        ...['--config', join(root, 'build/import-rules.ts'), '--output-type', 'json', 'lib'],
      ],
      { cwd: project },
    ).catch((error: { stdout: string }) => error)
    const { summary } = JSON.parse(stdout)
    return summary.violations.map(({ rule }: { rule: { name: string } }) => rule.name).sort()
  }

  test('takes an import down the layers, and the type of a port', async () => {
    const files = {
      'lib/errors.ts': 'export const a = 1',
      'lib/events/a.ts': `export { a } from '../errors.ts'; export { createHash } from 'node:crypto'`,
      'lib/zookeeper/a.ts': 'export interface ZooKeeper {}',
      'lib/bridge/a.ts': `export { a } from '../events/a.ts'; export type { ZooKeeper } from '../zookeeper/a.ts'`,
    }
    expect(await broken(files)).toEqual([])
  })

  test.each([
    ['up the layers', '../bridge/a.ts', ['lib/events imports no other folder']],
    ['of the file system', 'node:fs', ['lib/events is pure', 'only adapters use the file system']],
    ['of the network', 'net', ['lib/events is pure', 'only adapters use the network']],
    ['of what is not there', './b.ts', ['every import resolves', 'lib/events is pure']],
  ])('refuses an import %s', async (_, specifier, rules) => {
    const names = await broken({
      'lib/bridge/a.ts': 'export const a = 1',
      'lib/events/a.ts': `import { a } from '${specifier}'; export { a }`,
    })
    expect(names).toEqual(rules.map((rule) => expect.stringContaining(rule)))
  })

  test('refuses an adapter where its types alone may be imported', async () => {
    const names = await broken({
      'lib/zookeeper/a.ts': 'export const a = 1',
      'lib/bridge/a.ts': `export { a } from '../zookeeper/a.ts'`,
    })
    expect(names).toEqual(['lib/bridge imports only types from lib/zookeeper'])
  })

  test('refuses a circle', async () => {
    const names = await broken({
      'lib/bridge/a.ts': `export * from './b.ts'`,
      'lib/bridge/b.ts': `export * from './a.ts'`,
    })
    expect(names).toEqual(['no import circles'])
  })
})

test('the layers themselves hold no circle', () => {
  const placed: string[] = []
  for (const { folder, imports } of layers) {
    const later = imports.filter(
      (path) => layers.some((layer) => layer.folder === path) && !placed.includes(path),
    )
    expect({ folder, later }).toEqual({ folder, later: [] })
    placed.push(folder)
  }
})

test("CONTRIBUTING.md's table says what the rule says", async () => {
  const contributing = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8')
  const rows = [...contributing.matchAll(/^\| `([^`]+)\/` +\| (.+?) +\| (.+?) +\|$/gm)]
  expect(rows.map(([, folder, holds, imports]) => ({ folder, holds, imports }))).toEqual(
    layers.map((layer) => ({
      folder: layer.folder,
      holds: layer.holds,
      imports: importsOf(layer),
    })),
  )
})
