import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { createBus, createBusClient } from '../../lib/aws/bus/eventbridge.ts'
import { createLeanBus } from '../../lib/aws/bus/lean-eventbridge.ts'
import type { Bus, BusEntry } from '../../lib/bridge/publish/bus.ts'
import { target } from '../target.ts'

/** Starts on first use: importing a target costs nothing. */
let service: Promise<{ readonly buses: readonly Bus[]; received(): unknown }> | undefined

async function start() {
  let last: unknown
  const server = createServer(async (request, response) => {
    const body = await text(request)
    last = JSON.parse(body)
    const { Entries } = last as { Entries: unknown[] }
    response.setHeader('content-type', 'application/x-amz-json-1.1')
    response.end(
      JSON.stringify({
        FailedEntryCount: 0,
        Entries: Entries.map((_, at) => ({ EventId: `${at}` })),
      }),
    )
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.on('connection', (socket) => socket.unref())
  const client = createBusClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  return {
    buses: [createBus('ecos-main', client), createLeanBus('ecos-main', client)],
    received: () => last,
  }
}

const field = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 })
const entry = fc.record(
  {
    source: field,
    detailType: field,
    detail: field,
    time: fc.integer({ min: 0, max: 253_402_300_799_999 }),
    resource: field,
  },
  { requiredKeys: ['source', 'detailType', 'detail'] },
)

/** Both clients say the same to EventBridge: exactly the entries, none with another's fields. */
export const putEvents = target(
  'put-events',
  fc.array(entry, { minLength: 1, maxLength: 10 }),
  async (inputs) => {
    service ??= start()
    const { buses, received } = await service
    const entries = inputs.map(
      ({ time, detail, ...rest }): BusEntry => ({
        ...rest,
        detail: Buffer.from(detail),
        ...(time !== undefined && { time: new Date(time) }),
      }),
    )
    const expected = inputs.map(({ source, detailType, detail, time, resource }) => ({
      EventBusName: 'ecos-main',
      Source: source.toWellFormed(),
      DetailType: detailType.toWellFormed(),
      Detail: detail.toWellFormed(),
      ...(time !== undefined && { Time: time / 1000 }),
      ...(resource !== undefined && { Resources: [resource.toWellFormed()] }),
    }))
    for (const bus of buses) {
      const results = await bus.put(entries)
      assert.deepEqual(
        results,
        entries.map(() => ({ status: 'accepted' })),
      )
      const { Entries } = received() as { Entries: Record<string, unknown>[] }
      assert.deepEqual(wellFormed(Entries), expected)
    }
  },
)

/** A lone surrogate is an escape in one client, and a replacement character in the other. */
function wellFormed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item) =>
    typeof item === 'string' ? item.toWellFormed() : item,
  )
}
