import { spawn } from 'node:child_process'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals'
import type { SampleMessage } from '../../local/demo/events-file.ts'
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts'
import { publishMany } from '../support/publish-many.ts'
import { eventually, newTenant, onChannel, runningStack, taskMessage } from '../support/stack.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { runCommand, startWorker, temporaryFolder, type Worker } from '../support/worker.ts'

// Each runs the command and workers, several times.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const folder = temporaryFolder()
const workers: Worker[] = []
let stub: AwsStub
let proxy: TcpProxy
let onSent: (bytes: number) => void = () => undefined

beforeAll(async () => {
  const { hostname, port } = new URL(amqpUrl)
  proxy = await startTcpProxy(hostname, Number(port || 5672), (bytes) => onSent(bytes))
})
beforeEach(async () => {
  stub = await startAwsStub()
})
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.signal('SIGKILL')
    await worker.exited
  }
  stub.close()
})
afterAll(() => {
  proxy.close()
  folder.remove()
})

type Layout = 'own' | 'pooled'

/** A cell of three tenants, two of them in one partition. */
function newCell() {
  const cell = `c${newTenant().slice(2, 10)}`
  const ids = [newTenant(), newTenant(), newTenant()]
  const entries = ids.map((id, index) => [
    id,
    { cell, events: ['task.create'], partition: index === 2 ? 1 : 0 },
  ])
  const tenants = Object.fromEntries(entries)
  const environment = (QUEUES: Layout) => ({
    ...{ AMQP_URL: amqpUrl, CELL: cell, QUEUES, PARTITIONS: '2' },
    TENANTS_FILE: folder.write(`${cell}.yml`, JSON.stringify({ tenants })),
  })
  return {
    ids,
    environment,
    queues: {
      own: ids.map((id) => `tenant.${id}.eventbridge`),
      pooled: ['p00', 'p00.bypass', 'p01', 'p01.bypass'].map(
        (name) => `cell.${cell}.${name}.eventbridge`,
      ),
    },
    async start(layout: Layout): Promise<Worker> {
      const worker = startWorker({
        ...environment(layout),
        EVENT_BUS_NAME: 'ecos-main',
        QUARANTINE_QUEUE_URL: `${stub.url}/000000000000/quarantine`,
        AWS_ENDPOINT_URL: stub.url,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        // Slow, so that messages wait in the queues.
        CALLS_IN_FLIGHT: '2',
        PREFETCH: '20',
      })
      workers.push(worker)
      await worker.consuming(layout === 'own' ? 3 : 4)
      return worker
    },
    changeOver: (to: Layout) => runCommand(['bridge', 'change-over'], environment(to)),
    /** Kills the command when it has sent so many bytes to the broker; resolves with whether it was killed. */
    async killed(to: Layout, afterBytes: number): Promise<boolean> {
      const url = new URL(amqpUrl)
      url.host = `127.0.0.1:${proxy.port}`
      const child = spawn(process.execPath, ['bin/ecos-eventbridge.mjs', 'bridge', 'change-over'], {
        env: { PATH: process.env['PATH'], ...environment(to), AMQP_URL: url.href },
        stdio: 'ignore',
      })
      let sent = 0
      onSent = (bytes) => {
        sent += bytes
        if (sent >= afterBytes) child.kill('SIGKILL')
      }
      const [, signal] = await new Promise<[number | null, string | null]>((resolve) =>
        child.once('exit', (...end) => resolve(end)),
      )
      return signal === 'SIGKILL'
    },
  }
}

type Cell = ReturnType<typeof newCell>

/** Publishes events of all the cell's tenants until it is told to end. */
function startTraffic({ ids }: Cell) {
  const published: SampleMessage[] = []
  let isEnding = false
  const send = async (count: number) => {
    const messages = ids.flatMap((id) => Array.from({ length: count }, () => taskMessage(id)))
    published.push(...messages)
    await publishMany(amqpUrl, messages)
  }
  const work = (async () => {
    await send(150)
    while (!isEnding) await send(3)
  })()
  return async () => {
    isEnding = true
    await work
    return published
  }
}

async function stop(worker: Worker): Promise<void> {
  worker.signal('SIGTERM')
  expect(await worker.exited).toBe(0)
}

const keysOf = () =>
  stub.accepted
    .filter(({ Source }) => Source.startsWith('ecos.'))
    .map(({ Source, Detail }) => `${Source} ${JSON.parse(Detail).id}`)
const expectedOf = (messages: readonly SampleMessage[]) =>
  messages.map(({ tenant, eventId }) => `ecos.${tenant} ${eventId}`).toSorted()

async function existing(queues: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const queue of queues) {
    const isThere = await onChannel(amqpUrl, async (channel) => {
      channel.on('error', () => undefined)
      return channel.checkQueue(queue).then(Boolean, () => false)
    }).catch(() => false)
    if (isThere) found.push(queue)
  }
  return found
}

describe.each([
  ['own', 'pooled'],
  ['pooled', 'own'],
] as const)('bridge change-over from %s queues to %s ones', (from, to) => {
  it('loses nothing and doubles nothing while a worker runs, and deletes the former queues at its second run', async () => {
    const cell = newCell()
    const former = await cell.start(from)
    const endTraffic = startTraffic(cell)
    const first = await cell.changeOver(to)
    // The worker still consumes them.
    expect(first).toMatchObject({ code: 3, stdout: expect.stringContaining('consumers') })
    await stop(former)
    const next = await cell.start(to)
    const published = await endTraffic()
    const second = await cell.changeOver(to)
    expect(second).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`3 tenants have ${to} queues`),
    })
    for (const queue of cell.queues[from]) expect(second.stdout).toContain(`deleted: ${queue}\n`)
    expect(await existing(cell.queues[from])).toEqual([])
    await eventually(
      async () => keysOf().length,
      (count) => count >= published.length,
    )
    await stop(next)
    expect(keysOf().toSorted()).toEqual(expectedOf(published))
    expect(stub.sent).toEqual([])
  })

  it('may be killed anywhere and run again: nothing is lost, and each event stays that of its tenant', async () => {
    const cell = newCell()
    const former = await cell.start(from)
    const endTraffic = startTraffic(cell)
    const kills: boolean[] = []
    for (const bytes of [1_600, 2_600, 4_000, 20_000]) {
      kills.push(await cell.killed(to, bytes))
    }
    expect(kills).toContain(true)
    await cell.changeOver(to)
    await stop(former)
    const next = await cell.start(to)
    const published = await endTraffic()
    expect(await cell.changeOver(to)).toMatchObject({ code: 0 })
    expect(await existing(cell.queues[from])).toEqual([])
    await eventually(
      async () => new Set(keysOf()).size,
      (count) => count >= published.length,
    )
    await stop(next)
    // A message that was sent on, and not yet taken out of the former queue, is there twice with the same id.
    expect([...new Set(keysOf())].toSorted()).toEqual(expectedOf(published))
    expect(stub.sent).toEqual([])
  })
})
