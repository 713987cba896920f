import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { IncomingMessage } from '../../../lib/bridge/message.ts'
import { createInOrder, shareOf } from '../../../lib/bridge/ordered.ts'
import type { Bus, BusEntry } from '../../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../../lib/bridge/publish/publisher.ts'
import type { BridgeContext } from '../../../lib/bridge/settle-message.ts'
import { EcosError } from '../../../lib/errors.ts'
import { memoryPayloads, silentJournal, silentLog } from '../../support/memory.ts'

/** Milliseconds to read each message, or what else is to become of it. */
type Plan = number | 'refused' | 'unasked'

async function settleAll(plans: readonly Plan[], fails: (call: number) => boolean) {
  const sent: string[] = []
  const settled: string[] = []
  const refused: string[] = []
  let calls = 0
  const put = async (entries: readonly BusEntry[]) => {
    calls += 1
    if (fails(calls)) throw new EcosError('bus-unavailable', 'test', { retryable: true })
    sent.push(...entries.map(({ detail }) => JSON.parse(String(detail)).id))
    return entries.map(() => ({ status: 'accepted' as const }))
  }
  const context: BridgeContext = {
    publisher: createPublisher(
      { put, check: async () => undefined },
      { mostCalls: 1, firstWait: 1 },
    ),
    quarantine: { store: async ({ queue }) => void refused.push(queue) },
    payloads: memoryPayloads(),
    log: silentLog,
    journal: silentJournal,
    async read({ queue: id }) {
      const plan = plans[Number(id)] ?? 0
      if (plan === 'unasked') return { outcome: 'unasked' }
      if (plan === 'refused') return { outcome: 'refused', reason: 'bad', explanation: 'test' }
      await new Promise((resolve) => setTimeout(resolve, plan))
      return { outcome: 'event', event: { tenant: 'acme', type: 'a', id, data: Buffer.from('{}') } }
    },
  }
  const settle = createInOrder(context, new AbortController().signal)
  const deliveries = plans.map((_, index) => delivery(String(index), settled))
  const fates = await Promise.all(deliveries.map(settle))
  return { sent, settled, refused, fates }
}

/** Messages are events with the ids of their queues; the one of the queue `refused` is none. */
function contextWith(
  put: Bus['put'],
  store: () => Promise<void> = async () => undefined,
): BridgeContext {
  return {
    publisher: createPublisher({ put, check: async () => undefined }, { mostCalls: 1 }),
    quarantine: { store },
    payloads: memoryPayloads(),
    log: silentLog,
    journal: silentJournal,
    async read({ queue: id }) {
      if (id === 'refused') return { outcome: 'refused', reason: 'bad', explanation: 'test' }
      return { outcome: 'event', event: { tenant: 'acme', type: 'a', id, data: Buffer.from('{}') } }
    },
  }
}

function delivery(id: string, settled: string[]): IncomingMessage {
  return {
    tenant: 'acme',
    wire: '2.0',
    queue: id,
    exchange: 'ecos-events',
    routingKey: 'a',
    properties: {},
    redelivered: false,
    body: new Uint8Array(),
    acknowledge: () => void settled.push(id),
    deadLetter: () => undefined,
    requeue() {},
  }
}

describe('what is carried in order', () => {
  it('reaches the bus as it came, whatever is read slowly, refused or failed', async () => {
    const plan = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('refused', 'unasked'))
    const plans = fc.array(plan as fc.Arbitrary<Plan>, { minLength: 1, maxLength: 35 })
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 2, max: 5 }), async (all, every) => {
        const { sent, settled, refused, fates } = await settleAll(all, (call) => call % every === 0)
        const idsOf = (isOne: (one: Plan) => boolean) =>
          [...all.keys()].filter((index) => isOne(all[index] ?? 0)).map(String)
        expect(sent).toEqual(idsOf((one) => typeof one === 'number'))
        expect(refused.toSorted()).toEqual(idsOf((one) => one === 'refused').toSorted())
        expect(fates.filter((fate) => fate === 'unasked')).toHaveLength(
          idsOf((one) => one === 'unasked').length,
        )
        expect(settled).toHaveLength(all.length)
      }),
      { numRuns: 30 },
    )
  }, 300_000)

  it('goes ten at a time, those together that come together', async () => {
    const calls: number[] = []
    const put = async (entries: readonly BusEntry[]) => {
      calls.push(entries.length)
      return entries.map(() => ({ status: 'accepted' as const }))
    }
    const settle = createInOrder(contextWith(put), new AbortController().signal)
    const fates = Array.from({ length: 25 }, (_, index) => settle(delivery(`${index}`, [])))
    expect(await Promise.all(fates)).toEqual(Array(25).fill('bridged'))
    expect(calls).toEqual([10, 10, 5])
    expect(await settle(delivery('later', []))).toBe('bridged')
  })

  it('goes back behind a message that goes back, and is taken again when it comes again', async () => {
    const over = new AbortController()
    const sent: string[] = []
    const put = async (entries: readonly BusEntry[]) => {
      sent.push(...entries.map(({ detail }) => JSON.parse(String(detail)).id))
      return entries.map(() => ({ status: 'accepted' as const }))
    }
    let isDown = true
    const store = async () => {
      if (isDown) throw new Error('the quarantine is down')
    }
    const settle = createInOrder(contextWith(put, store), over.signal)
    over.abort()
    const ids = Array.from({ length: 14 }, (_, index) => (index === 9 ? 'refused' : `${index}`))
    const settleThem = (some: string[]) => Promise.all(some.map((id) => settle(delivery(id, []))))
    expect(await settleThem(ids)).toEqual([
      ...Array(9).fill('bridged'),
      ...Array(5).fill('returned'),
    ])
    expect(sent).toEqual(ids.slice(0, 9))
    isDown = false
    expect(await settleThem(ids.slice(9))).toEqual(['quarantined', ...Array(4).fill('bridged')])
    expect(sent).toEqual([...ids.slice(0, 9), ...ids.slice(10)])
  })

  it('has two calls out at most, and what is not ordered its whole share', () => {
    expect([1, 20, 21, 500].map((share) => shareOf({ wire: '2.0' }, share))).toEqual([
      1, 20, 20, 20,
    ])
    expect([1, 500].map((share) => shareOf({ wire: '1.0' }, share))).toEqual([1, 500])
  })
})
