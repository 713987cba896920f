import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { run } from '../../local/commands.ts'
import { type Deployment, oslsEnvironment, readOutputs } from '../../local/deploy.ts'
import { installPackage, type Project } from '../support/installed-package.ts'
import { journey } from '../support/journey.ts'
import { resting } from '../support/resting.ts'
import { eventually, runningStack, taskMessage } from '../support/stack.ts'

const { cloud, deployment } = runningStack()
const seconds = 1000
const tenant = 'own-function'
const service = 'acme-task-statistics'

/** A service that a tenant has copied from the example, with the package installed in it. */
let project: Project
let outputs: Deployment
beforeAll(async () => {
  project = await installPackage('examples/tenant-function')
  await project.run('npm', 'run', '--silent', 'check')
  await project.run('npm', 'run', '--silent', 'build')
  await osls('deploy')
  outputs = await readOutputs(cloud, `${service}-main`)
}, 480 * seconds)
afterAll(async () => {
  if (outputs) await osls('remove')
  await project?.remove()
}, 300 * seconds)

function osls(command: string): Promise<void> {
  const parameters = { tenant, maxReceiveCount: 3, retryBaseSeconds: 1 }
  const flags = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`)
  return run('osls', [command, ...flags], {
    cwd: project.folder,
    env: oslsEnvironment(process.env['AWS_ENDPOINT_URL'] ?? ''),
    logFile: `.local/logs/tenant-function-${command}.log`,
  })
}

/** An event of that day. */
function task(day: string, data: object = {}, type = 'task.create', of = tenant) {
  return taskMessage(of, { createdDate: Date.parse(`${day}T12:00:00Z`), ...data }, type)
}

/** The function's counts for the day. */
async function counted(day: string): Promise<Record<string, number>> {
  const { Item = {} } = await cloud.dynamoDb.send(
    new GetItemCommand({ TableName: outputs['StatisticsTableName'], Key: { day: { S: day } } }),
  )
  const { created, completed } = Item
  return { created: Number(created?.N ?? 0), completed: Number(completed?.N ?? 0) }
}

/** The function's log lines about events. */
async function logged(): Promise<Record<string, unknown>[]> {
  const { events = [] } = await cloud.logs.send(
    new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${service}-main-count` }),
  )
  return events
    .map(({ message = '' }) => message)
    .filter((message) => message.startsWith('{'))
    .map((message) => JSON.parse(message))
    .filter(({ messageId }) => messageId !== undefined)
}

describe("a tenant's own function", () => {
  it(
    "handles the tenant's events, large ones too, and each once",
    async () => {
      const day = '2031-01-05'
      const twice = task(day)
      const large = task(day, { taskComment: 'x'.repeat(2_000_000) })
      const completed = task(day, {}, 'task.complete')
      const { totals } = await journey([twice, { ...twice }, large, completed])
      expect(totals).toMatchObject({ bridged: 4, lost: 0 })
      const ids = [twice, twice, large, completed].map(({ eventId }) => eventId).sort()
      // An event that arrives while its copy is handled fails first, and is a duplicate then.
      const settled = await eventually(
        async () =>
          (await logged())
            .filter(({ eventId }) => ids.includes(String(eventId)))
            .filter(({ outcome }) => outcome !== 'failed'),
        ({ length }) => length >= ids.length,
      )
      expect(settled.map(({ eventId }) => eventId).sort()).toEqual(ids)
      expect(settled.map(({ outcome }) => outcome).sort()).toEqual([
        'duplicate',
        'handled',
        'handled',
        'handled',
      ])
      expect(await counted(day)).toEqual({ created: 2, completed: 1 })
    },
    300 * seconds,
  )

  it(
    'lets an event that fails rest in its own dead-letter queue, after its tries',
    async () => {
      const day = '2031-01-06'
      const bad = task(day, { createdDate: null })
      await journey([task(day), bad, task(day)])
      const letters = await resting(outputs['DeadLetterQueueUrl'])
      expect(letters.map(({ Body = '' }) => JSON.parse(Body).detail.id)).toEqual([bad.eventId])
      // The last try is logged after its message rests.
      const tries = await eventually(
        async () => (await logged()).filter(({ eventId }) => eventId === bad.eventId),
        (lines) => lines.some(({ isLast }) => isLast),
      )
      expect(tries.map(({ outcome, isLast }) => [outcome, isLast])).toEqual([
        ['failed', false],
        ['failed', false],
        ['failed', true],
      ])
      const counts = await eventually(
        () => counted(day),
        ({ created = 0 }) => created >= 2,
      )
      expect(counts).toEqual({ created: 2, completed: 0 })
    },
    300 * seconds,
  )

  it(
    "sees no other tenant's events, and takes none that says in its detail that it is another's",
    async () => {
      const day = '2031-01-07'
      const forged = { id: randomUUID(), tenantid: 'twice' }
      await cloud.eventBridge.send(
        new PutEventsCommand({
          Entries: [entry(`ecos.${tenant}`, forged), entry(`ecos.${tenant}-2`, { id: 'other' })],
        }),
      )
      const others = ['twice', 'large'].map((other) => task(day, {}, 'task.create', other))
      await journey([...others, task(day)])
      await eventually(
        () => counted(day),
        ({ created = 0 }) => created > 0,
      )
      const isOfTheDay = (body: string) => body.includes(day)
      const letters = await resting(outputs['DeadLetterQueueUrl'], isOfTheDay)
      const sources = letters.map(({ Body = '' }) => JSON.parse(Body).source)
      expect(new Set(sources)).toEqual(new Set([`ecos.${tenant}`]))
      // It is logged after its message rests.
      const lines = await eventually(logged, (all) =>
        all.some(({ code, isLast }) => code === 'tenant-mismatch' && isLast === true),
      )
      const tenants = lines.flatMap(({ tenant: of }) => (of === undefined ? [] : [of]))
      expect(new Set(tenants)).toEqual(new Set([tenant]))
      expect(await counted(day)).toEqual({ created: 1, completed: 0 })
    },
    300 * seconds,
  )

  it('needs what this project has, in the same versions', async () => {
    const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'))
    const { dependencies, devDependencies } = await read('examples/tenant-function/package.json')
    const own = await read('package.json')
    expect({
      ...own.dependencies,
      ...own.devDependencies,
      'ecos-eventbridge': own.version,
    }).toMatchObject({ ...dependencies, ...devDependencies })
  })
})

/** An entry for the bus that the bridge would not put there. */
function entry(source: string, detail: object) {
  return {
    EventBusName: deployment['BusName'],
    Source: source,
    DetailType: 'task.create',
    Detail: JSON.stringify({
      specversion: '1.0',
      source: '/ecos/tenants/x',
      type: 'task.create',
      time: '2031-01-07T12:00:00Z',
      tenantid: tenant,
      datacontenttype: 'application/json',
      data: { type: 'task.create' },
      ...detail,
    }),
  }
}
