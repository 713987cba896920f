import { expect, it, jest } from '@jest/globals'
import { events2Context } from '../../../lib/bridge/events-2.ts'
import type { Bus } from '../../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../../lib/bridge/publish/publisher.ts'
import type { BridgeContext } from '../../../lib/bridge/settle-message.ts'
import { memoryPayloads, silentJournal, silentLog } from '../../support/memory.ts'

const bus: Bus = {
  put: async (entries) => entries.map(() => ({ status: 'accepted' })),
  check: async () => undefined,
}
const context: BridgeContext = {
  publisher: createPublisher(bus),
  quarantine: { store: async () => undefined },
  payloads: memoryPayloads(),
  log: silentLog,
  journal: silentJournal,
}

it('events 2.0 are read in their own way, and sent by one call at a time', async () => {
  const rateLimit = { take: jest.fn(() => 0) }
  const own = events2Context(context, bus, async () => ({}), { rateLimit })
  // Of one call, and the next.
  expect(own.publisher.room()).toBe(12)
  const entry = { source: 'ecos.acme', detailType: 'record-created', detail: Buffer.from('{}') }
  expect(await own.publisher.publish(entry)).toEqual({ outcome: 'accepted' })
  expect(rateLimit.take).toHaveBeenCalledTimes(1)
  const message = { tenant: 'acme', queue: 'bridge', properties: {}, redelivered: false }
  const body = Buffer.from('{"data":{"type":"task.create"}}')
  expect(await own.read?.({ ...message, body })).toMatchObject({
    outcome: 'refused',
    reason: 'not-gzip',
  })
  expect(own.quarantine).toBe(context.quarantine)
  expect(events2Context(context, bus, async () => ({})).publisher.room()).toBe(12)
})
