import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { linksKey } from '../../lib/aws/tables/subscriptions-items.ts'
import { createSubscriptionStore } from '../../lib/aws/tables/subscriptions-table.ts'
import { newRuleAction } from '../../lib/notifications/subscriptions/new-action.ts'
import { command } from '../support/command.ts'
import { newTenant, runningStack } from '../support/stack.ts'

jest.setTimeout(300_000)

const { cloud, deployment } = runningStack()
const table = String(deployment['SubscriptionsTableName'])
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const store = createSubscriptionStore(table, client)
const book = createSubscriptionBook(table, client)
const tenant = newTenant()
const people = (...args: string[]) =>
  command(['people', ...args], { TENANTS_FILE: join(folder, 'tenants.yml') })

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'people-'))
  await writeFile(join(folder, 'tenants.yml'), JSON.stringify({ tenants: { [tenant]: {} } }))
})
afterAll(() => rm(folder, { recursive: true }))

it('people are imported, listed, set and removed', async () => {
  const of = ['--tenant', tenant]
  const file = join(folder, 'persons.csv')
  const rows = [
    'userName;lastName;firstName;email;mobile;timezone',
    'Sidorov;Сидоров;Семён;sidorov@acme.example;+7 999 123-45-67;Europe/Moscow',
    'petrov;"Петров; младший";Пётр;;112;',
  ]
  await writeFile(file, `\ufeff${rows.join('\r\n')}\r\n`)
  const imported = await people('import', file, ...of)
  expect(imported).toMatchObject({ code: 0, stdout: 'Imported 2 people; 0 refused\n' })
  expect(imported.stderr).toMatch(/petrov: phone .*: left out/)
  expect(await store.displayNames(tenant, ['sidorov', 'petrov', 'nobody'])).toEqual({
    sidorov: 'Сидоров Семён',
    petrov: 'Петров; младший Пётр',
  })

  const set = ['--user', 'petrov', '--email', 'petrov@acme.example', '--locale', 'en_US']
  expect(await people('set', ...of, ...set)).toMatchObject({ code: 0 })
  expect(await people('set', ...of, '--user', 'petrov', '--phone', '112')).toMatchObject({
    code: 2,
  })
  const action = newRuleAction().parse({ channel: 'email', address: '{{ email }}' })
  await book.change({ tenant, eventType: 'task.assign' }, () => [action])
  expect(await store.find(tenant, ['petrov'], 'task.assign')).toMatchObject([
    { byRule: true, person: { email: 'petrov@acme.example', locale: 'en-US' } },
  ])

  const listed = JSON.parse((await people('list', ...of, '--json')).stdout)
  expect(listed.map(({ username }: { username: string }) => username)).toEqual([
    'petrov',
    'sidorov',
  ])

  await book.change({ tenant, username: 'sidorov', eventType: 'comment.added' }, () => [
    { channel: 'email', address: 'own@acme.example' },
  ])
  await book.setPreferences(tenant, 'sidorov', { timeZone: 'UTC' })
  const removed = await people('remove', ...of, '--user', 'Sidorov')
  expect(removed.stdout).toMatch(
    /^Removed: comment.added, person, preferences\nThe links .* are revoked/,
  )
  expect(await book.ofPerson(tenant, 'sidorov')).toEqual([])
  expect(await store.displayNames(tenant, ['sidorov'])).toEqual({})
  const Key = linksKey(tenant, 'sidorov')
  expect((await client.send(new GetCommand({ TableName: table, Key }))).Item).toMatchObject({
    revokedAt: expect.any(Number),
  })
})
