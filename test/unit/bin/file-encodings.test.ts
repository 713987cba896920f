import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { readEventFile } from '../../../bin/commands/event-file.ts'
import { readPeopleFile } from '../../../bin/commands/people-file.ts'
import { readArtifactFiles } from '../../../bin/commands/template-folders.ts'
import { readTenants } from '../../../bin/commands/tenants-file.ts'
import { speak } from '../../../bin/language.ts'
import { createProgram } from '../../../bin/program.ts'
import { readTenantsOf } from '../../../build/tenants.ts'
import { functionTenants } from '../../../functions/shared/function-tenants.ts'
import { brokerVariables } from '../../../lib/amqp/address.ts'
import { createLog } from '../../../lib/log.ts'
import { readOperators } from '../../../lib/notifications/templates/files.ts'
import { readEventsFile } from '../../../local/demo/events-file.ts'
import { writeRunTenants } from '../../../local/demo/run-tenants.ts'
import { encodings, written } from '../../support/encodings.ts'
import { temporaryFolder } from '../../support/worker.ts'

const folder = temporaryFolder()
const before = { ...process.env }
beforeAll(() => {
  Object.assign(process.env, {
    TENANTS_FILE: folder.write('known.yml', 'tenants: { договор: {} }\n'),
    // Asked for at the start; nothing is sent.
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
})
afterAll(() => {
  process.env = before
  folder.remove()
})
afterEach(() => speak('en'))

const tenants = 'tenants:\n  договор: {}\n'
const body = '{"data":{"id":"Ж","type":"task.create"}}'
const subscriber = {
  tenantId: 'договор',
  username: 'иванов',
  subscriptions: [
    {
      eventType: 'task.create',
      actions: [{ type: 'FIREBASE_NOTIFICATION', config: { clientRegToken: 'token' } }],
    },
  ],
}

/** What is written into the file, and how it is read. */
interface Kind {
  readonly name: string
  readonly text: string
  read(path: string): unknown
}

const kinds: readonly (readonly [string, Kind])[] = [
  ['tenants', { name: 'tenants.yml', text: tenants, read: readTenants }],
  [
    'tenants of a package',
    {
      name: 'tenants.yml',
      text: tenants,
      read: async (tenantsFile) => (await readTenantsOf({ tenantsFile })).tenants,
    },
  ],
  [
    'tenants of a function',
    {
      name: 'tenants.yml',
      text: tenants,
      read: async (TENANTS_FILE) =>
        (await functionTenants({ CELL: 'main', TENANTS_FILE }, createLog()).get()).tenants,
    },
  ],
  [
    'tenants of the local stack',
    {
      name: 'tenants.yml',
      text: tenants,
      read: (from) => writeRunTenants({ from, into: folder.path('run.yml') }, [], 'main').ofProject,
    },
  ],
  [
    'event',
    { name: 'event.json', text: body, read: (path) => readEventFile(path, undefined).data },
  ],
  [
    'events',
    {
      name: 'events.jsonl',
      text: JSON.stringify({
        exchange: 'tenant.договор.events',
        routingKey: 'task.create',
        body,
      }),
      read: readEventsFile,
    },
  ],
  ['subscribers', { name: 'old.json', text: JSON.stringify([subscriber]), read: importDry }],
  ['people', { name: 'people.csv', text: 'userName\nиванов\n', read: readPeopleFile }],
  [
    'a template',
    {
      name: 'own/_all/task.create/email.ru.liquid',
      text: 'Задача\n\nТекст',
      read: () => readOperators(folder.path('own')),
    },
  ],
  [
    'an artifact',
    {
      name: 'artifacts/a.ftl',
      text: '<p>Задача</p>',
      read: async () => (await readArtifactFiles(folder.path('artifacts'))).files,
    },
  ],
  [
    "a broker's CA",
    {
      name: 'ca.pem',
      text: `# наш\n${rootCertificates[0]}`,
      read: (AMQP_CA) => brokerVariables.parse({ AMQP_URL: 'amqps://host', AMQP_CA }).AMQP_CA,
    },
  ],
]

/** @returns what `subscriptions import --dry-run` prints */
async function importDry(path: string): Promise<unknown> {
  const print = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    const args = ['subscriptions', 'import', path, '--dry-run']
    await (await createProgram()).parseAsync(args, { from: 'user' })
    return print.mock.calls.flat().join('')
  } finally {
    print.mockRestore()
  }
}

function write(name: string, content: string | Buffer): string {
  const path = folder.path(name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

describe.each(kinds)('a file of %s', (_, { name, text, read }) => {
  it('is read the same in whatever encoding it was saved', async () => {
    const results: unknown[] = []
    for (const encoding of encodings) {
      results.push(await read(write(name, written(text, encoding))))
    }
    expect(JSON.stringify(results[0])).toMatch(/[а-яЖ]|Would import 1/)
    for (const result of results) expect(result).toEqual(results[0])
  })
})

describe('what is neither UTF-8 nor UTF-16', () => {
  /** `Петров`, in windows-1251. */
  const windows = Buffer.from('cff2f0eee2', 'hex')

  const refusing = kinds.filter(([of]) => !['people', 'an artifact', "a broker's CA"].includes(of))
  it.each(refusing)('is refused as %s, with the file and what to do', async (_, kind) => {
    const path = write(kind.name, Buffer.concat([Buffer.from(kind.text), windows]))
    const reading = (async () => kind.read(path))()
    await expect(reading).rejects.toThrow(
      `${path} can't be read: it is neither UTF-8 nor UTF-16 with a byte order mark: save it in UTF-8`,
    )
  })

  it('is refused in Russian, also what to do', () => {
    const path = write('tenants.yml', windows)
    speak('ru')
    expect(() => readTenants(path)).toThrow(
      `Не удаётся прочитать TENANTS_FILE ${path}: он не в UTF-8 и не в UTF-16 с меткой порядка байтов; сохраните его в UTF-8`,
    )
  })

  it('is one fault of the folder as an artifact', async () => {
    write('artifacts/a.ftl', windows)
    const { unread } = await readArtifactFiles(folder.path('artifacts'))
    expect(unread).toMatchObject([{ place: 'a.ftl', text: 'is not UTF-8: convert it' }])
  })
})
