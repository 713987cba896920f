import { readdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { installPackage, type Project } from '../support/installed-package.ts'

const seconds = 1000

/** A function of a tenant's, whose types have to be right in a project that is strict. */
const consumer = `
import { type EventData, eventTypes, onEcosEvent, schemas, type TenantEvent } from 'ecos-eventbridge'

export const one = onEcosEvent('task.create', async (event, { log, isLast }) => {
  const assignee: string | null = event.data.assignee
  // @ts-expect-error: a task has no attrChanges of that kind
  const changes: string = event.data.taskPooledUsers
  log.info('Seen', { assignee: assignee === null, changes, isLast })
})
export const several = onEcosEvent({
  'task.complete': async ({ type }) => type satisfies 'task.complete',
  'record.create': async ({ data }) => data.attrChanges,
})
// @ts-expect-error: there is no such type
onEcosEvent('task.crate', async () => undefined)
export const task: EventData<'task.create'> = schemas.taskEvent.parse({ type: 'task.create' })
export const types: readonly TenantEvent['type'][] = eventTypes
`

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  module: 'nodenext',
  target: 'es2022',
  types: ['node'],
  skipLibCheck: true,
  noEmit: true,
}

describe('the package, installed into an empty project', () => {
  let project: Project
  beforeAll(async () => {
    project = await installPackage()
  }, 180 * seconds)
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
    60 * seconds,
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
    60 * seconds,
  )

  it(
    'has types for a strict project',
    async () => {
      await writeFile(join(project.folder, 'consumer.ts'), consumer)
      const config = { compilerOptions, files: ['consumer.ts'] }
      await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify(config))
      expect(await project.run('tsc')).toBe('')
    },
    60 * seconds,
  )

  it('holds what was built, its docs and its examples, and nothing else', async () => {
    const installed = join(project.folder, 'node_modules', 'ecos-eventbridge')
    const entries = await readdir(installed, { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(installed, join(parentPath, name)))
    const needed = ['dist/lib/index.js', 'dist/lib/index.d.ts', 'dist/console/page/app.js']
    expect(files).toEqual(expect.arrayContaining(needed))
    const built = /^dist\/(bin|console|lib)\/.+\.(js|d\.ts|liquid|css|svg)$/
    const others = files.filter((file) => !built.test(file) && !/^(docs|examples)\//.test(file))
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/ecos-eventbridge.mjs',
      'package.json',
    ])
  })
})
