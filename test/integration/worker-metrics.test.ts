import { afterAll, afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts'
import { publishMany } from '../support/publish-many.ts'
import { eventually, newTenant, rawMessage, runningStack, taskMessage } from '../support/stack.ts'
import { runCommand, startWorker, temporaryFolder } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const folder = temporaryFolder()
let stub: AwsStub

beforeEach(async () => {
  stub = await startAwsStub()
})
afterEach(() => stub.close())
afterAll(() => folder.remove())

function environment(tenant: string, more: Record<string, string>): Record<string, string> {
  const tenants = { [tenant]: { events: ['task.create'] } }
  return {
    AMQP_URL: amqpUrl,
    EVENT_BUS_NAME: 'ecos-main',
    TENANTS_FILE: folder.write(`${tenant}.yml`, JSON.stringify({ tenants })),
    QUARANTINE_QUEUE_URL: `${stub.url}/000000000000/quarantine`,
    AWS_ENDPOINT_URL: stub.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    METRICS: 'emf',
    ...more,
  }
}

it('tells in EMF where the messages of a tenant went, and whether it was ready', async () => {
  const tenant = newTenant()
  const worker = startWorker(environment(tenant, { CELL: 'main' }))
  await worker.consuming(1)
  const rubbish = rawMessage(tenant, 'task.create', 'no event')
  await publishMany(amqpUrl, [taskMessage(tenant), rubbish, taskMessage(tenant)])
  await eventually(
    async () => (await worker.health('/ready')).status.settled,
    ({ bridged, quarantined }) => bridged === 2 && quarantined === 1,
  )
  worker.signal('SIGTERM')
  expect(await worker.exited).toBe(0)

  const lines = worker.logs.filter((line) => '_aws' in line)
  // A line for each minute in which there was something to tell.
  const ofTenant = lines.filter((line) => line['tenant'] === tenant)
  const sum = (name: string) => ofTenant.reduce((total, line) => total + Number(line[name] ?? 0), 0)
  expect([sum('Bridged'), sum('Quarantined')]).toEqual([2, 1])
  expect(ofTenant).toContainEqual(
    expect.objectContaining({ service: 'ecos-eventbridge', cell: 'main' }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ BusFailures: 0, Drains: expect.any(Number) }),
  )
})

it('does not start where its metrics would be of no cell', async () => {
  const { code, stderr } = await runCommand(['bridge', 'run'], environment(newTenant(), {}))
  expect([code, stderr]).toEqual([1, 'METRICS needs CELL: the metrics are those of one cell\n'])
})
