import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { command } from '../support/command.ts'
import { runningStack } from '../support/stack.ts'

const { dynamoDb, eventBridge } = runningStack().cloud
const cell = `c${randomUUID().slice(0, 8)}`
const TableName = `ecos-${cell}-tenants`
const bus = { EventBusName: `ecos-${cell}` }
const folder = mkdtempSync(join(tmpdir(), 'ecos-tenants-'))
const file = join(folder, 'tenants.yml')

beforeAll(async () => {
  writeFileSync(file, `# the north\ntenants:\n  acme: { cell: ${cell}, locale: en }\n`)
  await eventBridge.send(new CreateEventBusCommand({ Name: bus.EventBusName }))
  await putRule(functionRule)
  await dynamoDb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'item', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'item', KeyType: 'HASH' }],
    }),
  )
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await dynamoDb.send(new DeleteTableCommand({ TableName }))
  for (const name of [...ownRules, functionRule]) {
    await eventBridge.send(new DeleteRuleCommand({ ...bus, Name: name }))
  }
  await eventBridge.send(new DeleteEventBusCommand({ Name: bus.EventBusName }))
})

const ownRules = eventTypes.map((type) => `${type}.own-007`)
/** Of a tenant's own function. */
const functionRule = 'acme-statistics'

async function putRule(Name: string): Promise<void> {
  const EventPattern = JSON.stringify({ source: ['ecos.007'] })
  await eventBridge.send(new PutRuleCommand({ ...bus, Name, EventPattern }))
}

/** As a deployment does. */
async function makeOwnRules(): Promise<void> {
  for (const name of ownRules) await putRule(name)
}

const tenants = (...args: string[]) => command(['tenants', ...args, '--tenants', file], {})
const inCell = ['--cell', cell]

describe('the command tenants', () => {
  it('applies a file after it has shown what changes, and then finds nothing to change', async () => {
    const { stdout } = await tenants('plan', ...inCell)
    const [plan, use, next] = stdout.split('\n\n')
    expect(plan).toBe(`Cell ${cell}: nothing is applied yet; to do:\n  + add acme`)
    expect(use).toMatch(new RegExp(`${cell} +1 +188 of 300 `))
    expect(next).toContain('sender of a channel, at 20 events/s or 2 PutEvents calls/s')
    expect(stdout).toMatch(/tenants' functions: 1; left of 300: 111\.\n$/)
    expect(await tenants('apply', ...inCell)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('add --yes'),
    })
    expect((await tenants('apply', '--yes', ...inCell)).stdout).toContain('Applied: version 1')
    const again = await tenants('apply', ...inCell)
    expect(again.stdout).toBe(`Cell ${cell}: version 1 is applied\n  no change\n`)
  })

  it('edits the file, and the next plan shows each edit', async () => {
    await tenants('add', '--tenant', 'Ёлка и Ко', '--events', 'task.create', ...inCell)
    await tenants('add', '--tenant', '007', '--partition', 'own', '--events', 'all', ...inCell)
    await tenants('move', '--tenant', 'acme', '--to-partition', '3')
    expect(readFileSync(file, 'utf8')).toMatch(/^# the north\n/)
    const plan = await tenants('plan', ...inCell)
    expect(plan.stdout).toContain('if the cell has pooled queues, run "bridge change-over" first')
    const { stdout } = await tenants('plan', '--json', ...inCell)
    const difference = {
      cell,
      version: '1',
      added: ['Ёлка и Ко', '007'],
      removed: [],
      changed: [{ id: 'acme', fields: ['partition'] }],
      deploy: ['007 has rules of its own'],
    }
    const planned = { ...difference, undeployed: ownRules }
    expect(JSON.parse(stdout)).toMatchObject({ ...planned, rulesLeft: { left: 100, others: 1 } })
    // An event that names the partition before the deployment could match no rule while it runs.
    expect((await tenants('plan', ...inCell)).stdout).toContain('Deploy first')
    expect(await tenants('apply', '--yes', ...inCell)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`deploy the cell (npx osls deploy --stage ${cell})`),
    })
    await makeOwnRules()
    const { undeployed, ...after } = JSON.parse((await tenants('plan', '--json', ...inCell)).stdout)
    expect(undeployed).toBeUndefined()
    expect(after).toMatchObject({ ...difference, rulesLeft: { left: 100, others: 1 } })
    await tenants('apply', '--yes', ...inCell)
    await tenants('remove', '--tenant', '007')
    const { stdout: applied } = await tenants('apply', '--yes', ...inCell)
    expect(applied).toMatch(
      / {2}- remove 007\nRemoved tenants: .*14 days\.\nA deployment is needed too: /,
    )
  })

  it('refuses a file with a fault as a whole, and names the line', async () => {
    const good = readFileSync(file, 'utf8')
    writeFileSync(file, `${good}  bad: { locle: en }\n`)
    expect(await tenants('apply', '--yes', ...inCell)).toMatchObject({
      stderr: expect.stringMatching(
        /tenants\.yml:\d+: tenants\.bad\.locle: there is no such field/,
      ),
    })
    writeFileSync(file, good)
    const { stdout } = await tenants('plan', ...inCell)
    expect(stdout).toContain('version 3 is applied')
  })

  it('says what to do where the cell is not deployed', async () => {
    writeFileSync(file, 'tenants: { a: { cell: nowhere } }')
    expect(await tenants('plan', '--cell', 'nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/nowhere/),
    })
  })
})
