import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createSubscriptionStore } from '../../lib/aws/tables/subscriptions-table.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { newTenant as anyTenant, runningStack } from '../support/stack.ts'

jest.setTimeout(300_000)

const { cloud, deployment } = runningStack()
const table = String(deployment['SubscriptionsTableName'])
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const store = createSubscriptionStore(table, client)
const env = { ...process.env, ...cloudEnvironment(String(process.env['AWS_ENDPOINT_URL'])) }

/** Tenants of the cell: the command refuses others. */
const tenants = Array.from({ length: 20 }, anyTenant)
const newTenant = () => tenants.shift() ?? ''

/** The command as an operator runs it, on the table of the cell `main`. */
function subscriptions(...args: string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ['bin/main.ts', 'subscriptions', ...args],
      { env: { ...env, NODE_OPTIONS: '', TENANTS_FILE: join(folder, 'tenants.yml') } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subscriptions-'))
  const known = Object.fromEntries(tenants.map((id) => [id, { events: ['task.create'] }]))
  await writeFile(join(folder, 'tenants.yml'), JSON.stringify({ tenants: { ...known, acme: {} } }))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileWith(content: unknown): Promise<string> {
  const file = join(folder, 'old.json')
  await writeFile(file, JSON.stringify(content))
  return file
}

describe('subscriptions', () => {
  it('are added, listed and removed', async () => {
    const tenant = newTenant()
    const smith = ['--tenant', tenant, '--user', 'Smith', '--type', 'task.create']
    const condition = '{"t":"eq","a":"taskType","v":"review"}'
    const own = ['--channel', 'email', '--address', 'smith@x.example', '--condition', condition]
    const data = ['--data', 'title=document.title', '--data', 'due=dueDate']
    expect(await subscriptions('add', ...smith, ...own, ...data, '--locale', 'en')).toMatchObject({
      code: 0,
    })
    const everyone = ['--tenant', tenant, '--everyone', '--type', 'task.assign']
    const rule = ['--channel', 'email', '--address', '{{ username }}@x.example']
    expect(await subscriptions('add', ...everyone, ...rule)).toMatchObject({ code: 0 })

    expect(await store.find(tenant, ['smith', 'jones'], 'task.assign')).toEqual([
      {
        username: 'smith',
        actions: [
          {
            channel: 'email',
            address: 'smith@x.example',
            locale: 'en',
            condition: { t: 'eq', att: 'taskType', val: 'review' },
            customData: { title: 'document.title', due: 'dueDate' },
          },
        ],
      },
      {
        username: 'jones',
        byRule: true,
        actions: [{ channel: 'email', address: '{{ username }}@x.example' }],
      },
    ])
    const { stdout } = await subscriptions('list', '--tenant', tenant)
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^ {2}PERSON +TYPE +CHANNEL +ADDRESS +MORE$/),
      expect.stringMatching(
        /^ {2}\(everyone else\) +task.assign +email +\{\{ username \}\}@x.example$/,
      ),
      expect.stringMatching(
        /^ {2}smith +task.assign +email +smith@x.example +in en, if \{"t":"eq".*\}, with \{.*\}$/,
      ),
      '',
    ])

    const place = ['--channel', 'email', '--address', 'smith@x.example']
    expect(await subscriptions('remove', ...smith, ...place)).toMatchObject({ code: 0 })
    expect(await subscriptions('remove', ...everyone)).toMatchObject({ code: 0 })
    expect(await store.find(tenant, ['smith', 'jones'], 'task.assign')).toEqual([])
  })

  it('have preferences beside them', async () => {
    const person = ['--tenant', newTenant(), '--user', 'smith']
    const wish = { timeZone: 'Europe/Moscow', quietHours: { from: '22:00', to: '08:00' } }
    await subscriptions('preferences', 'set', ...person, JSON.stringify(wish))
    const { stdout } = await subscriptions('preferences', 'show', ...person)
    expect(JSON.parse(stdout)).toEqual(wish)
    const listed = JSON.parse((await subscriptions('list', ...person, '--json')).stdout)
    expect(listed).toEqual([{ of: 'preferences', username: 'smith', preferences: wish }])
  })

  it('have addresses as their channels take them, and are removed by either form', async () => {
    const tenant = newTenant()
    const smith = ['--tenant', tenant, '--user', 'smith', '--type', 'task.assign']
    const place = ['--channel', 'sms', '--address', '+7 (999) 123-45-67']
    expect(await subscriptions('add', ...smith, ...place, '--locale', 'en_US.UTF-8')).toMatchObject(
      {
        code: 0,
        stdout: 'Added, with the address +79991234567\n',
      },
    )
    const actions = [{ channel: 'sms', address: '+79991234567', locale: 'en-US' }]
    expect(await store.find(tenant, ['smith'], 'task.assign')).toEqual([
      { username: 'smith', actions },
    ])
    expect(await subscriptions('remove', ...smith, ...place)).toMatchObject({ code: 0 })
    expect(await store.find(tenant, ['smith'], 'task.assign')).toEqual([])
  })

  it('show the key of a webhook once, and another when it is rotated', async () => {
    const tenant = newTenant()
    const address = 'https://hooks.acme.example/a?user=smith'
    const webhook = ['--tenant', tenant, '--address', address]
    const add = (user: string) =>
      subscriptions(
        'add',
        ...webhook,
        '--user',
        user,
        '--type',
        'task.assign',
        '--channel',
        'webhook',
      )
    const keyIn = ({ stdout }: { stdout: string }) => /whsec_[\w+/]{43}=/.exec(stdout)?.[0]
    const first = keyIn(await add('smith'))
    expect(first).toBeDefined()
    expect(keyIn(await add('jones'))).toBeUndefined()
    const rotated = await subscriptions('rotate-key', ...webhook)
    expect(rotated).toMatchObject({ code: 0 })
    expect(keyIn(rotated)).toBeDefined()
    expect(keyIn(rotated)).not.toBe(first)
    expect(rotated.stdout).toContain('with the previous key too')
  })

  it('are refused for a tenant that the cell does not have, with the one that was meant', async () => {
    const place = ['--user', 'smith', '--channel', 'email', '--address', 'smith@x.example']
    for (const args of [
      ['add', ...place, '--type', 'task.assign'],
      ['remove', '--user', 'smith', '--type', 'task.assign'],
      ['list'],
      ['preferences', 'set', '--user', 'smith', '{"timeZone":"UTC"}'],
    ]) {
      const { code, stdout, stderr } = await subscriptions(...args, '--tenant', 'acne')
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('The cell main has no tenant acne (Did you mean acme?)')
    }
  })

  it('say that nothing is there to be removed', async () => {
    const args = ['remove', '--user', 'nobody', '--type', 'task.assign', '--tenant', 'acme']
    expect(await subscriptions(...args)).toMatchObject({
      code: 0,
      stdout: 'There is nothing to remove\n',
    })
  })

  it('are refused in one line that says what is wrong', async () => {
    const to = ['--channel', 'email', '--address']
    const smith = ['--user', 'smith', ...to, 'smith@x.example']
    const wrong: [string[], string][] = [
      [[...smith, '--condition', '{"t":"not","val":{"t":"like"}}'], 'condition.val.t: t is one of'],
      [
        ['--everyone', ...to, '{{ user }}@x.example'],
        'address: may use {{ username }}, {{ email }}, {{ phone }} and {{ telegram }}, and no other variable',
      ],
      [[...to, 'smith@x.example'], 'Pass --user NAME or --everyone'],
      [[...smith, '--locale', 'english'], 'locale: is not a known language tag: write ru'],
      [
        ['--user', 'a', '--channel', 'telegram', '--address', 't.me/a'],
        'address: is a link: write',
      ],
      [['--user', 'a', '--channel', 'sms', '--address', '89991234567'], 'address: has no country'],
      [
        ['--user', 'a', '--channel', 'webhook', '--address', 'http://hooks.acme.example/x'],
        'address: is not https: write https://',
      ],
      [[...smith, '--table', 'no-such-table'], 'There is no table no-such-table'],
    ]
    const all = ['--tenant', newTenant(), '--type', 'task.assign']
    const results = await Promise.all(wrong.map(([args]) => subscriptions('add', ...all, ...args)))
    for (const [index, { code, stderr }] of results.entries()) {
      // The command line fits, and the table is not there.
      expect(code).toBe(wrong[index]?.[0].includes('--table') ? 1 : 2)
      expect(stderr).toContain(wrong[index]?.[1])
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })
})

describe('an import', () => {
  const groovy = "event.taskType == 'review'"
  const push = (token: string, condition: unknown = true) => ({
    type: 'FIREBASE_NOTIFICATION',
    config: { clientRegToken: token, deviceType: 'android', locale: 'ru' },
    condition,
  })
  const old = (tenantId: string, ...actions: object[]) => [
    { tenantId, username: 'Smith', subscriptions: [{ eventType: 'task.assign', actions }] },
  ]
  const find = async (tenant: string) =>
    (await store.find(tenant, ['smith'], 'task.assign')).flatMap(({ actions }) => actions)
  const imported = { channel: 'push', address: 'token-1', locale: 'ru' }

  it('is whole, may be repeated, and keeps what was added here', async () => {
    const tenant = newTenant()
    const smith = ['--tenant', tenant, '--user', 'smith', '--type', 'task.assign']
    await subscriptions('add', ...smith, '--channel', 'email', '--address', 'smith@x.example')
    const file = await fileWith(old(tenant, push('token-1'), push('token-2')))
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await subscriptions('import', file)
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: 'Imported 1 subscriptions with 2 actions; 0 refused\n',
        stderr: '',
      })
    }
    expect(await find(tenant)).toEqual([
      { channel: 'email', address: 'smith@x.example' },
      imported,
      { ...imported, address: 'token-2' },
    ])
  })

  it('writes nothing if a condition is Groovy, and shows its text and place', async () => {
    const tenant = newTenant()
    const file = await fileWith(old(tenant, push('token-1'), push('token-2', groovy)))
    const { code, stderr } = await subscriptions('import', file)
    expect(code).toBe(1)
    expect(stderr).toContain(
      `${file} [0].subscriptions[0].actions[1].condition: refused: Groovy is code and can't be imported: ${groovy}`,
    )
    expect(stderr).toContain('Nothing was written')
    expect(await find(tenant)).toEqual([])
  })

  it('takes the others where it is told to, and writes nothing when it only says so', async () => {
    const tenant = newTenant()
    const file = await fileWith(old(tenant, push('token-1'), push('token-2', groovy)))
    const dry = await subscriptions('import', file, '--skip-refused', '--dry-run')
    expect(dry.stdout).toBe('Would import 1 subscriptions with 1 actions; 1 refused\n')
    expect(await find(tenant)).toEqual([])
    const { code } = await subscriptions('import', file, '--skip-refused')
    expect(code).toBe(0)
    expect(await find(tenant)).toEqual([imported])
  })
})
