import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { startBridgeListener } from '../../../lib/records/bridge-listener.ts'
import type { HandshakeMessage, Interests } from '../../../lib/records/messages.ts'
import { silentLog } from '../../support/memory.ts'

const titles: Interests = { 'record-changed': { attributes: ['title'] } }
const tenants = [
  { tenant: 'acme', queue: 'tenant.acme.eventbridge' },
  { tenant: 'globex', queue: 'tenant.globex.eventbridge' },
]

function setUp(wanted: Record<string, Interests>) {
  const said: [string, HandshakeMessage][] = []
  let onMessage: (tenant: string, message: HandshakeMessage) => void = () => {}
  const listener = startBridgeListener(
    {
      hear: async (_, heard) => {
        onMessage = heard
      },
      broadcast: async (tenant, message) => void said.push([tenant, message]),
      answer: async (queue, message) => void said.push([queue, message]),
    },
    {
      tenants,
      log: silentLog,
      interestsOf: async (tenant) => {
        if (tenant === 'broken') throw new Error('no table')
        return wanted[tenant] ?? {}
      },
    },
  )
  return { listener, said, wanted, ask: (tenant: string) => onMessage(tenant, sourceStarted) }
}

const sourceStarted: HandshakeMessage = {
  version: 1,
  kind: 'source.started',
  sequence: 1,
  source: { id: 'cases', instanceId: '1' },
  replyTo: 'amq.gen-source',
}
const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
const subscribed = (queue: string, interests: Interests) =>
  expect.objectContaining({
    kind: 'listener.subscribed',
    listener: { id: 'eventbridge', instanceId: 'bridge' },
    queue,
    interests,
  })

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

test('each tenant that wants something is told of at the start, with the queue that the bridge has', async () => {
  const { listener, said } = setUp({ acme: titles })
  await listener.told
  expect(said).toEqual([['acme', subscribed('tenant.acme.eventbridge', titles)]])
  listener.close()
})

test('a source that comes up is answered, and only for its own tenant', async () => {
  const { listener, said, ask } = setUp({ acme: titles })
  await listener.told
  said.length = 0
  ask('globex')
  ask('acme')
  await settled()
  expect(said).toEqual([['amq.gen-source', subscribed('tenant.acme.eventbridge', titles)]])
  listener.close()
})

test('a change is told within a minute, and what ends is withdrawn', async () => {
  const { listener, said, wanted } = setUp({ acme: titles })
  await listener.told
  said.length = 0
  const more: Interests = { 'record-changed': { attributes: ['author.email', 'title'] } }
  wanted['acme'] = more
  await jest.advanceTimersByTimeAsync(60_000)
  expect(said).toEqual([['acme', subscribed('tenant.acme.eventbridge', more)]])
  wanted['acme'] = {}
  await jest.advanceTimersByTimeAsync(60_000)
  expect(said.map(([, { kind }]) => kind)).toEqual(['listener.subscribed', 'listener.withdrawn'])
  await jest.advanceTimersByTimeAsync(60_000)
  expect(said).toHaveLength(2)
  listener.close()
})

test('each word is later than the one before', async () => {
  const { listener, said } = setUp({ acme: titles })
  await listener.told
  await jest.advanceTimersByTimeAsync(120_000)
  const sequences = said.map(([, { sequence }]) => sequence)
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b))
  expect(sequences).toHaveLength(3)
  listener.close()
})
