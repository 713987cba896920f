import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type AwsStub, idsOf, startAwsStub } from '../support/aws-stub.ts'
import { type Drain, startDrain } from '../support/drain.ts'
import { idsIn } from '../support/listening-log.ts'
import { publishMany } from '../support/publish-many.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  runningStack,
  taskMessage,
} from '../support/stack.ts'
import { temporaryFolder } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const folder = temporaryFolder()
let stub: AwsStub
let tenant: string
let queue: string

beforeEach(async () => {
  stub = await startAwsStub()
  stub.secret = amqpUrl
  tenant = newTenant()
  queue = `tenant.${tenant}.eventbridge`
  await start().report
})
afterEach(() => stub.close())
afterAll(() => folder.remove())

/** One invocation of the deployed handler, with the stub for its AWS. */
function start(more: Record<string, string> = {}): Drain {
  const tenants = { [tenant]: { events: ['task.create'] } }
  return startDrain({
    AMQP_SECRET_ID: 'broker',
    CELL: 'main',
    EVENT_BUS_NAME: 'ecos-main',
    MAX_PUT_EVENTS_PER_SECOND: '1000',
    PAYLOAD_BUCKET: 'payloads',
    QUARANTINE_QUEUE_URL: `${stub.url}/000000000000/quarantine`,
    TENANTS_FILE: folder.write('tenants.yml', JSON.stringify({ tenants })),
    AWS_ENDPOINT_URL: stub.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...more,
  })
}

async function publishLoad(count: number): Promise<string[]> {
  const messages = Array.from({ length: count }, () => taskMessage(tenant))
  await publishMany(amqpUrl, messages)
  return messages.map(({ eventId }) => eventId)
}

const events = () => idsOf(stub.accepted).filter((id) => id !== undefined)
const distinct = () => [...new Set(events())].sort()

describe('the drain function', () => {
  it('carries a backlog with others of its kind side by side: each event once, none lost', async () => {
    const ids = await publishLoad(2_000)
    // So slow that one alone is not done before the other consumes, too.
    stub.latency = 1_500
    const two = { CONCURRENT_DRAINS: '2' }
    const drains = [start(two), start(two)]
    await eventually(
      () => onChannel(amqpUrl, (channel) => channel.checkQueue(queue)),
      ({ consumerCount }) => consumerCount === 2,
    )
    stub.latency = 5
    const reports = await Promise.all(drains.map(({ report }) => report))
    expect(events().sort()).toEqual([...ids].sort())
    const counts = reports.map((report) => report?.bridged ?? 0)
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_000)
    expect(Math.min(...counts)).toBeGreaterThan(0)
    const lines = (await Promise.all(drains.map(({ logs }) => logs()))).flat()
    expect(idsIn(lines, tenant, 'bridged').sort()).toEqual([...ids].sort())
  })

  it('calls the bus at its own part of the rate that all drains have together', async () => {
    const ids = await publishLoad(600)
    stub.calls = 0
    const startedAt = performance.now()
    await start({ CONCURRENT_DRAINS: '2', MAX_PUT_EVENTS_PER_SECOND: '20' }).report
    // The whole time: the arrival of the first call may be late, and would shorten the time between them.
    const seconds = (performance.now() - startedAt) / 1000
    expect(events().sort()).toEqual([...ids].sort())
    expect(stub.calls).toBeGreaterThanOrEqual(60)
    expect(stub.calls).toBeLessThanOrEqual(2 + 10 * seconds)
  })

  it('loses nothing to kill -9 at random points; what comes twice carries the same event id', async () => {
    const ids = await publishLoad(2_000)
    // So slow that messages are left for each of them.
    stub.latency = 800
    const prefetch = 100
    const kills = 3
    for (let kill = 0; kill < kills; kill += 1) {
      const before = events().length
      const drain = start({ PREFETCH: String(prefetch) })
      await eventually(
        async () => events().length,
        (length) => length > before + Math.random() * 200,
      )
      drain.kill()
      expect(await drain.report).toBeUndefined()
    }
    expect(distinct().length).toBeLessThan(ids.length)
    stub.latency = 0
    await start().report
    expect(distinct()).toEqual([...ids].sort())
    // Twice comes what was accepted and not acknowledged: no more than was out at a kill.
    expect(events().length - ids.length).toBeLessThanOrEqual(kills * prefetch)
    expect(await countMessages(amqpUrl, queue)).toBe(0)
    expect(await countMessages(amqpUrl, `${queue}.dead-letter`)).toBe(0)
  })
})
