import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { Interests } from '../../../lib/events/interest.ts'
import type { HandshakeChannel } from '../../../lib/records/handshake-channel.ts'
import type { Participant } from '../../../lib/records/kept-channel.ts'
import {
  decodeMessage,
  encodeMessage,
  type HandshakeMessage,
} from '../../../lib/records/messages.ts'
import { createRegistry, type Registry } from '../../../lib/records/registry.ts'
import { sourceParticipant } from '../../../lib/records/source-participant.ts'
import {
  type ListenerParticipant,
  listenerParticipant,
} from '../../support/listener-participant.ts'

/**
 * Sources and listeners start, restart, die and change their interests in any order, on a broker that
 * loses, duplicates and reorders messages. Once the leases of the dead have ended and every living
 * listener has renewed its own, all sources know exactly the living listeners' interests.
 */
const leaseSeconds = 60
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const never = new AbortController().signal

beforeAll(() => {
  jest.useFakeTimers({
    doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'],
  })
})
afterAll(() => {
  jest.useRealTimers()
})

/** The participants' queues and their waiting messages. */
class Broker {
  readonly queues = new Map<
    string,
    { hears: string; waiting: HandshakeMessage[]; to: Participant }
  >()
  #named = 0

  open(hears: 'listener' | 'source', to: Participant): HandshakeChannel {
    this.#named += 1
    const ownQueue = `queue-${this.#named}`
    this.queues.set(ownQueue, { hears, waiting: [], to })
    return {
      ownQueue,
      lost: never,
      consume: async () => {},
      broadcast: async (message) => {
        for (const queue of this.queues.values()) {
          if (message.kind.startsWith(`${queue.hears}.`)) queue.waiting.push(copied(message))
        }
      },
      answer: async (queue, message) => void this.queues.get(queue)?.waiting.push(copied(message)),
      send: async () => 'kept',
      close: async () => void this.queues.delete(ownQueue),
    }
  }

  async deliver(): Promise<void> {
    for (const [ownQueue, { waiting, to }] of this.queues) {
      for (const message of waiting.splice(0)) {
        to.onMessage(message, this.#channelOf(ownQueue, to))
      }
    }
    // Answers are sent in a later microtask.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  }

  #channelOf(ownQueue: string, to: Participant): HandshakeChannel {
    const channel = this.open('source', to)
    this.queues.delete(channel.ownQueue)
    return { ...channel, ownQueue }
  }
}

/** Encodes and decodes, so that the test sees messages as the wire carries them. */
const copied = (message: HandshakeMessage) => decodeMessage(encodeMessage(message))

interface Real {
  readonly broker: Broker
  readonly sources: Map<string, { registry: Registry; channel: HandshakeChannel }>
  readonly listeners: Map<string, { participant: ListenerParticipant; channel: HandshakeChannel }>
  starts: number
}
/** The interests of the living listeners. */
type Model = Map<string, Interests>
type Step = fc.AsyncCommand<Model, Real>

function step(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check = (_: Model) => true,
): Step {
  return { check, run, toString: () => name }
}

const startSource = (id: string) =>
  step(`source ${id} (re)starts`, async (_, real) => {
    await real.sources.get(id)?.channel.close()
    const registry = createRegistry()
    const participant = sourceParticipant({ id, waitFor: [], settleSeconds: 0, registry, log })
    const channel = real.broker.open('listener', participant)
    real.sources.set(id, { registry, channel })
    await participant.onOpen(channel, never)
  })

const startListener = (id: string, interests: Interests) =>
  step(`listener ${id} (re)starts, wants ${JSON.stringify(interests)}`, async (model, real) => {
    await real.listeners.get(id)?.channel.close()
    real.starts += 1
    const identity = { id, instanceId: String(real.starts), queue: `events-${id}`, leaseSeconds }
    const participant = listenerParticipant(identity, interests, log)
    const channel = real.broker.open('source', participant)
    real.listeners.set(id, { participant, channel })
    model.set(id, interests)
    await participant.onOpen(channel, never)
  })

const change = (id: string, interests: Interests) =>
  step(
    `listener ${id} now wants ${JSON.stringify(interests)}`,
    async (model, real) => {
      model.set(id, interests)
      await real.listeners.get(id)?.participant.change(interests)
    },
    (model) => model.has(id),
  )

const end = (id: string, withdraws: boolean) =>
  step(
    `listener ${id} ${withdraws ? 'withdraws' : 'dies'}`,
    async (model, real) => {
      model.delete(id)
      const listener = real.listeners.get(id)
      if (withdraws) await listener?.participant.withdraw()
      await listener?.channel.close()
      real.listeners.delete(id)
    },
    (model) => model.has(id),
  )

type Fault = 'loses' | 'doubles' | 'shuffles'
const fault = (kind: Fault, random: number) =>
  step(`the broker ${kind} ${random}`, async (_, { broker }) => {
    for (const { waiting } of broker.queues.values()) {
      const at = random % Math.max(1, waiting.length)
      const [message] = waiting.slice(at, at + 1)
      if (message === undefined) continue
      if (kind === 'loses') waiting.splice(at, 1)
      if (kind === 'doubles') waiting.push(message)
      if (kind === 'shuffles') waiting.reverse()
    }
  })

const deliver = step('what waits is delivered', (_, { broker }) => broker.deliver())

const settle = step('all settles', async (model, real) => {
  // A lease begins when it is heard of: what a dead one said may still be on its way.
  for (let round = 0; round < 3; round += 1) await real.broker.deliver()
  jest.setSystemTime(Date.now() + leaseSeconds * 1000 + 1)
  for (const { participant } of real.listeners.values()) await participant.renew()
  for (let round = 0; round < 3; round += 1) await real.broker.deliver()
  for (const { registry } of real.sources.values()) {
    for (const type of types) expect(known(registry, type)).toEqual(wanted(model, type))
  }
})

const types = ['record-changed', 'record-created'] as const

function known(registry: Registry, type: string) {
  const interested = registry.interested(type, Date.now())
  return new Map(interested.map(({ listener, attributes }) => [listener, attributes]))
}

function wanted(model: Model, type: string) {
  return new Map(
    [...model].flatMap(([id, interests]) =>
      interests[type] ? [[id, [...interests[type].attributes].sort()] as const] : [],
    ),
  )
}

const someInterests: fc.Arbitrary<Interests> = fc
  .dictionary(
    fc.constantFrom(...types),
    fc.uniqueArray(fc.constantFrom('title', 'author.email', 'rec?id')),
  )
  .map((byType) =>
    Object.fromEntries(Object.entries(byType).map(([type, attributes]) => [type, { attributes }])),
  )
const listenerId = fc.constantFrom('one', 'two', 'three')

test('both orders of start, restarts, changes, and messages lost, doubled and out of order', async () => {
  const steps = fc.commands<Model, Real, false>(
    [
      fc.constantFrom('a', 'b').map(startSource),
      fc.tuple(listenerId, someInterests).map(([id, interests]) => startListener(id, interests)),
      fc.tuple(listenerId, someInterests).map(([id, interests]) => change(id, interests)),
      fc.tuple(listenerId, fc.boolean()).map(([id, withdraws]) => end(id, withdraws)),
      fc
        .tuple(fc.constantFrom<Fault>('loses', 'doubles', 'shuffles'), fc.nat(5))
        .map(([kind, random]) => fault(kind, random)),
      fc.constant(deliver),
      fc.constant(settle),
    ],
    { maxCommands: 40 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      const setup = (): { model: Model; real: Real } => ({
        model: new Map(),
        real: { broker: new Broker(), sources: new Map(), listeners: new Map(), starts: 0 },
      })
      await fc.asyncModelRun(setup, [...commands, settle])
    }),
    { numRuns: 200 },
  )
})

test('without a fault an answer comes at once, whichever side is up first', async () => {
  const wants: Interests = { 'record-changed': { attributes: ['title'] } }
  for (const order of [
    [startSource('a'), startListener('one', wants)],
    [startListener('one', wants), startSource('a')],
  ]) {
    const model: Model = new Map()
    const real: Real = { broker: new Broker(), sources: new Map(), listeners: new Map(), starts: 0 }
    for (const command of [...order, deliver, deliver, deliver]) await command.run(model, real)
    const { registry } = real.sources.get('a') ?? {}
    expect(registry && known(registry, 'record-changed')).toEqual(new Map([['one', ['title']]]))
    await real.listeners.get('one')?.participant.accepted()
  }
})
