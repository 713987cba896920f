import { randomUUID } from 'node:crypto'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { listRules } from '../../lib/aws/cell/list-rules.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { action } from '../../lib/notifications/subscriptions/subscriptions.ts'
import { archiveBus } from '../../local/demo/archive.ts'
import { command } from '../support/command.ts'
import { emptied, storyOf } from '../support/notifications.ts'
import { eventually, runningStack } from '../support/stack.ts'

jest.setTimeout(300_000)

const { cloud, deployment } = runningStack()
const { eventBridge } = cloud
const tenant = 'replayed'
const TENANTS_FILE = 'test/fixtures/tenants.yml'
const username = `u-${randomUUID()}`
const table = String(deployment['SubscriptionsTableName'])
const book = createSubscriptionBook(table, DynamoDBDocumentClient.from(cloud.dynamoDb))

// The local AWS refuses an archive in a template, and replays to every rule: that others get nothing is
// tested in test/unit/aws/cell/replays.test.ts. So the archive has this tenant's events alone.
let removeArchive: () => Promise<void>
beforeAll(async () => {
  removeArchive = await archiveBus(cloud, 'ecos-main', 'main', { source: [`ecos.${tenant}`] })
  const mail = action.parse({ channel: 'email', address: `${username}@acme.example` })
  await book.change({ tenant, username, eventType: 'task.assign' }, () => [mail])
})

afterAll(async () => {
  await book.change({ tenant, username, eventType: 'task.assign' }, () => [])
  await removeArchive()
})

/** The local AWS replays by the time of arrival, in whole seconds. */
const from = new Date(Date.now() - 1_000).toISOString()
const event = { tenant, eventType: 'task.create', eventId: randomUUID() }

function replay(...options: string[]) {
  const window = ['--from', from, '--to', new Date().toISOString()]
  const of = ['--tenant', tenant, '--type', 'task.create', '--rule-wait', '0']
  return command(['replay', ...of, ...window, ...options], { TENANTS_FILE })
}

async function put(): Promise<void> {
  const { eventId: id, eventType: type } = event
  const about = { specversion: '1.0', id, source: `/ecos/tenants/${tenant}`, type }
  const data = { id, type, taskTitle: 'Счёт', taskPooledUsers: [username] }
  const detail = { ...about, tenantid: tenant, datacontenttype: 'application/json', data }
  const Detail = JSON.stringify(detail)
  const entry = { EventBusName: 'ecos-main', Source: `ecos.${tenant}`, DetailType: type, Detail }
  await eventBridge.send(new PutEventsCommand({ Entries: [entry] }))
}

const sent = async () => (await storyOf(event)).filter(({ state }) => state === 'SENT')
/** When the event was handled: once at first, and once more for each replay that tells everybody again. */
const handledAt = async () =>
  (await storyOf(event))
    .filter(({ entry }) => /^event(#|$)/.test(String(entry)))
    .map((record) => record['handledAt'])

/** The rules that a replay adds to the bus. */
async function ownRules(): Promise<string[]> {
  const rules = await listRules(eventBridge, 'ecos-main')
  return rules.flatMap(({ Name = '' }) => (/\.(again|replay)-/.test(Name) ? [Name] : []))
}

describe('an event of the archive', () => {
  it('tells nobody once more when it is replayed, and everybody with --again', async () => {
    await put()
    await eventually(sent, ({ length }) => length === 1)
    const [first, ...others] = await eventually(handledAt, ({ length }) => length > 0)
    expect(others).toEqual([])

    const { stdout: plan } = await replay()
    expect(plan).toContain(`tenant ${tenant}: task.create`)
    const plain = await replay('--run', '--json')
    expect(plain).toMatchObject({ code: 0 })
    expect(JSON.parse(plain.stdout)).toMatchObject({
      tenant,
      types: ['task.create'],
      again: false,
      state: 'COMPLETED',
    })

    expect(await ownRules()).toEqual([])
    await emptied('TaskCreateQueueUrl', 250)
    expect(await handledAt()).toEqual([first])

    expect(await replay('--again', '--run')).toMatchObject({ code: 0 })
    const told = await eventually(sent, ({ length }) => length > 1)
    expect(told.map(({ username, address }) => ({ username, address }))).toEqual(
      Array(2).fill({ username, address: `${username}@acme.example` }),
    )
    const handled = await eventually(handledAt, ({ length }) => length > 1)
    expect(handled).toEqual([first, expect.not.stringContaining(String(first))])
    expect(await ownRules()).toEqual([])
  })

  it.each([
    ['another tenant', ['--tenant', 'nobody'], 'The cell main has no tenant nobody'],
    ['another cell', ['--cell', 'nowhere'], 'The cell nowhere has no archive'],
  ])('is not replayed for %s', async (_, options, problem) => {
    const { code, stdout, stderr } = await replay('--run', ...options)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(problem)
  })
})
