import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { Interests } from '../../../lib/events/interest.ts'
import { type HandshakeHandler, startBridgeListener } from '../../../lib/records/bridge-listener.ts'
import type { HandshakeMessage } from '../../../lib/records/messages.ts'
import { silentLog } from '../../support/memory.ts'

const titles: Interests = { 'record-changed': { attributes: ['title'] } }
function setUp(wanted: Record<string, Interests>) {
  const said: [string, HandshakeMessage][] = []
  const heard = new Map<string, HandshakeHandler>()
  const listener = startBridgeListener(
    {
      join: async (tenant, handler) => {
        if (tenant === 'refused') throw new Error('ACCESS_REFUSED')
        heard.set(tenant, handler)
      },
      broadcast: async (tenant, message) => void said.push([tenant, message]),
      answer: async (queue, message) => void said.push([queue, message]),
    },
    {
      log: silentLog,
      interestsOf: async (tenant) => {
        if (tenant === 'broken') throw new Error('no table')
        return wanted[tenant] ?? {}
      },
    },
  )
  const serve = (tenant: string) =>
    listener.serve({ tenant, queue: `tenant.${tenant}.eventbridge` })
  for (const tenant of ['refused', 'broken', 'globex', 'acme']) serve(tenant)
  return {
    listener,
    said,
    wanted,
    serve,
    joined: () => [...heard.keys()],
    ask: (tenant: string) => heard.get(tenant)?.onMessage(sourceStarted),
  }
}

const sourceStarted: HandshakeMessage = {
  version: 1,
  kind: 'source.started',
  sequence: 1,
  source: { id: 'cases', instanceId: '1' },
  replyTo: 'amq.gen-source',
}
const settled = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
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

test('each tenant that wants something is told of, with the queue that the bridge has', async () => {
  const { listener, said, joined } = setUp({ acme: titles, refused: titles })
  await settled()
  expect(said).toEqual([['acme', subscribed('tenant.acme.eventbridge', titles)]])
  expect(joined()).toEqual(['acme'])
  await listener.close(0)
})

test('a source that comes up is answered, and only for its own tenant', async () => {
  const { listener, said, ask } = setUp({ acme: titles })
  await settled()
  said.length = 0
  ask('globex')
  ask('acme')
  await settled()
  expect(said).toEqual([['amq.gen-source', subscribed('tenant.acme.eventbridge', titles)]])
  await listener.close(0)
})

test('a change is told within a minute, and what ends is withdrawn', async () => {
  const { listener, said, wanted } = setUp({ acme: titles })
  await settled()
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
  await listener.close(0)
})

test('a queue that was declared anew is told of at once', async () => {
  const { listener, said, serve } = setUp({ acme: titles })
  await settled()
  serve('acme')
  await settled()
  expect(said).toHaveLength(2)
  await listener.close(0)
})

test('each word is later than the one before', async () => {
  const { listener, said } = setUp({ acme: titles })
  await jest.advanceTimersByTimeAsync(120_000)
  const sequences = said.map(([, { sequence }]) => sequence)
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b))
  expect(sequences).toHaveLength(3)
  await listener.close(0)
})

test('what is under way is said before the end, and nothing after it', async () => {
  const { listener, said, serve } = setUp({ acme: titles, late: titles })
  await listener.close(1_000)
  expect(said).toHaveLength(1)
  serve('late')
  await jest.advanceTimersByTimeAsync(60_000)
  expect(said).toHaveLength(1)
})
