import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { publish } from '../../local/demo/publish.ts'
import { type BusStub, startBusStub } from '../support/bus.ts'
import {
  countMessages,
  eventually,
  newTenant,
  runningStack,
  taskMessage,
} from '../support/stack.ts'
import { startWorker, temporaryFolder, type Worker } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const folder = temporaryFolder()
let stub: BusStub
let worker: Worker | undefined

beforeAll(async () => {
  stub = await startBusStub()
})
afterAll(async () => {
  worker?.signal('SIGKILL')
  await worker?.exited
  await stub.stop()
  folder.remove()
})

it('gives back an entry that the bus fails for ever, while it carries all others', async () => {
  const tenants = [newTenant(), newTenant()] as const
  const on = Object.fromEntries(tenants.map((id) => [id, { events: ['task.create'] }]))
  worker = startWorker({
    AMQP_URL: amqpUrl,
    EVENT_BUS_NAME: 'ecos-main',
    TENANTS_FILE: folder.write('tenants.yml', JSON.stringify({ tenants: on })),
    QUARANTINE_QUEUE_URL: `${stub.endpoint}/000000000000/quarantine`,
    AWS_ENDPOINT_URL: stub.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    HOLD_SECONDS: '1',
  })
  await worker.consuming(2)
  await stub.script({ refuse: { text: 'fail-me', code: 'InternalFailure' } })
  const stuck = taskMessage(tenants[0], { taskComment: 'fail-me' })
  await publish(amqpUrl, [stuck])
  const passed: string[] = []
  // Other traffic passes all the time.
  await eventually(
    async () => {
      const message = taskMessage(tenants[1])
      passed.push(String(message.eventId))
      await publish(amqpUrl, [message])
      return worker?.logs.some(({ message }) =>
        `${message}`.startsWith('EventBridge failed entries for too long'),
      )
    },
    (gaveBack) => gaveBack === true,
  )
  const ledger = await eventually(
    () => stub.ledger(),
    ({ accepted }) => Object.keys(accepted).length === passed.length,
  )
  expect(Object.keys(ledger.accepted).sort()).toEqual(passed.sort())
  await stub.script({})
  await eventually(
    () => stub.ledger(),
    ({ accepted }) => Object.keys(accepted).includes(String(stuck.eventId)),
  )
  for (const tenant of tenants) {
    expect(await countMessages(amqpUrl, `tenant.${tenant}.eventbridge.dead-letter`)).toBe(0)
  }
})
