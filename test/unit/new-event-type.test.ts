import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { EventType } from '../../lib/events/catalogue.ts'
import { memoryPorts } from './notifications/in-memory.ts'

const run = promisify(execFile)
let copy: string

/** The project's sources, and the event type that CONTRIBUTING.md adds, just as it says. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'ecos-new-type-'))
  const sources = ['build', 'functions', 'lib', 'templates', 'serverless.yml', 'tsconfig.json']
  // The bill of materials is made of the lock file and the workspaces.
  const packages = ['package.json', 'package-lock.json', 'local/package.json']
  // serverless.yml names it, and it loads the rest where there is a local AWS.
  const plugin = 'local/osls-plugin.js'
  for (const path of [...sources, ...packages, plugin]) {
    await cp(path, join(copy, path), { recursive: true })
  }
  await symlink(resolve('node_modules'), join(copy, 'node_modules'))
  await put('tenants.yml', 'tenants:\n  acme:\n    events: [document.signed]\n')

  const [schema = '', handler = '', template = '', english = ''] = await blocksOfTheGuide()
  await put('lib/events/schemas/signing.ts', schema)
  await put('functions/on-document-signed.ts', handler)
  await put('lib/notifications/templates/_built-in/document.signed/any.ru.liquid', template)
  await put('lib/notifications/templates/_built-in/document.signed/any.en.liquid', english)
  const catalogue = await readFile(join(copy, 'lib/events/catalogue.ts'), 'utf8')
  await put(
    'lib/events/catalogue.ts',
    `import { signingEvent } from './schemas/signing.ts'\n${catalogue.replace(
      'export const catalogue = {',
      (start) => `${start}\n  'document.signed': { schema: signingEvent },`,
    )}`,
  )
})

afterAll(() => rm(copy, { recursive: true }))

async function put(path: string, text: string): Promise<void> {
  await mkdir(join(copy, dirname(path)), { recursive: true })
  await writeFile(join(copy, path), text)
}

/** The blocks of code below "Add an event type". */
async function blocksOfTheGuide(): Promise<string[]> {
  const guide = await readFile('CONTRIBUTING.md', 'utf8')
  const section = guide.match(/## Add an event type\n([\s\S]*?)\n## /)?.[1] ?? ''
  return [...section.matchAll(/```\w+\n([\s\S]*?)```/g)].map(([, code = '']) =>
    code.replaceAll(/^ {3}/gm, ''),
  )
}

describe('an event type that is one schema, one handler and one template', () => {
  it('fits the types', async () => {
    await run('tsc', ['--noEmit', '--project', copy])
  }, 300_000)

  it('is packaged with its rule, queue and function, and its template', async () => {
    const env = { ...process.env, NODE_OPTIONS: '' }
    await run('osls', ['package', '--package', 'package'], { cwd: copy, env })
    const file = join(copy, 'package/cloudformation-template-update-stack.json')
    const { Resources } = JSON.parse(await readFile(file, 'utf8'))
    expect(Resources.DocumentSignedQueue.Properties.QueueName).toBe('ecos-main-document-signed')
    expect(Resources.OnDocumentSignedLambdaFunction.Properties.Handler).toBe(
      'dist/functions/on-document-signed/index.handler',
    )
    const templates = JSON.parse(await readFile(join(copy, 'dist/templates.json'), 'utf8'))
    expect(templates).toHaveProperty(['_built-in/document.signed/any.en.liquid'])
  }, 300_000)

  it('becomes notifications in both languages', async () => {
    jest.unstable_mockModule(join(copy, 'functions/shared/notifying-function.ts'), () => ({
      notifyingFunction: (kind: unknown) => kind,
    }))
    const of = (path: string) => import(join(copy, path))
    const { handler: kind } = await of('functions/on-document-signed.ts')
    const { notify } = await of('lib/notifications/notify.ts')
    const { createRender } = await of('lib/notifications/templates/render.ts')
    const { readBuiltIn } = await of('lib/notifications/templates/files.ts')

    const eventType = 'document.signed' as EventType
    const email = { channel: 'email', address: 'ivanov@acme.example' } as const
    const { ports, queued } = memoryPorts([
      { tenant: 'acme', username: 'ivanov', eventType, actions: [email] },
      { tenant: 'acme', username: 'smith', eventType, actions: [{ ...email, locale: 'en' }] },
    ])
    const data = { type: eventType, docId: 'emodel/contract@7', signer: 'petrov' }
    const event = { tenant: 'acme', eventType, eventId: 'e1', data }
    await notify(kind, event, { ...ports, render: createRender(readBuiltIn()) })
    expect(queued.map(({ notification: { title, text } }) => [title, text])).toEqual([
      ['Подписан документ: emodel/contract@7', 'Кто: petrov\n'],
      ['Document signed: emodel/contract@7', 'By: petrov\n'],
    ])
  })
})
