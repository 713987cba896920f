import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { type BridgeQueue, bridgeQueues } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Fate } from '../../../../lib/bridge/settle-message.ts'
import { topologyOf } from '../../../../lib/bridge/topology.ts'
import { doneWithin, virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { visitQueues } = await import('../../../../lib/bridge/drain/visits.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const turn = () => Promise.resolve()

interface MemoryConsumer extends QueueConsumerHandlers {
  readonly queue: string
  room: number
}

/**
 * A broker whose queues hold so many messages each, and which keeps to each consumer's prefetch.
 *
 * @param counted what had been counted in each queue before others took from it
 */
function setUp(ready: readonly number[], counted = ready) {
  const queues = bridgeQueues(
    ready.map((_, index) =>
      topologyOf({ id: `t${index}`, events: [], locale: 'ru', cell: 'main' }),
    ),
  )
  const left = new Map(queues.map(({ name }, index) => [name, ready[index] as number]))
  const consumers = new Set<MemoryConsumer>()
  const delivered: string[] = []
  const seen = { out: 0, mostOut: 0 }

  const broker = {
    lost: new AbortController().signal,
    count: async (queue: string) => left.get(queue),
    async consume({ name: queue }, prefetch, handlers) {
      await turn()
      const consumer: MemoryConsumer = { queue, room: prefetch, ...handlers }
      consumers.add(consumer)
      deliver(consumer)
      return {
        async cancel() {
          await turn()
          consumers.delete(consumer)
        },
      }
    },
  } as Partial<Broker> as Broker

  function deliver(consumer: MemoryConsumer): void {
    const { queue } = consumer
    while (consumers.has(consumer) && consumer.room > 0 && (left.get(queue) ?? 0) > 0) {
      left.set(queue, (left.get(queue) ?? 0) - 1)
      consumer.room -= 1
      seen.out += 1
      seen.mostOut = Math.max(seen.mostOut, seen.out)
      delivered.push(queue)
      const acknowledge = () => {
        seen.out -= 1
        consumer.room += 1
        deliver(consumer)
      }
      consumer.onMessage({
        queue,
        properties: {},
        redelivered: false,
        acknowledge,
      } as Partial<IncomingMessage> as IncomingMessage)
    }
  }

  function drainAll(prefetch: number, options: { unsettled?: string } = {}): Promise<void> {
    const visiting = visitQueues({
      broker,
      backlogs: queues.map((queue, index) => ({
        queue,
        ready: counted[index] as number,
      })),
      prefetch,
      async settle(message) {
        await turn()
        if (message.queue === options.unsettled) return 'returned'
        message.acknowledge()
        return 'bridged'
      },
      onUntried: () => undefined,
      onGone: () => undefined,
      over: new AbortController().signal,
    })
    return doneWithin(60_000, visiting, jest)
  }
  return { drainAll, delivered, seen, left }
}

describe('visitQueues', () => {
  it('empties every queue, and never has more out than the prefetch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(150), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 5, max: 200 }),
        async (ready, prefetch) => {
          const { drainAll, seen, left, delivered } = setUp(ready)
          await drainAll(prefetch)
          expect([...left.values()].every((count) => count === 0)).toBe(true)
          expect(delivered).toHaveLength(ready.reduce((sum, count) => sum + count, 0))
          expect(seen.mostOut).toBeLessThanOrEqual(prefetch)
        },
      ),
      { numRuns: 8 },
    )
  })

  it('ends where others have taken what was counted', async () => {
    const { drainAll, delivered } = setUp([300, 0, 7], [1_000, 500, 7])
    await drainAll(100)
    expect(delivered).toHaveLength(307)
  })

  it('has those with little waiting pass a backlog', async () => {
    const { drainAll, delivered } = setUp([5_000, 1, 5_000, 2])
    await drainAll(40)
    const small = ['tenant.t1.eventbridge', 'tenant.t3.eventbridge']
    expect(Math.max(...small.map((queue) => delivered.indexOf(queue)))).toBeLessThan(5)
  })

  it('ends the turn of a backlog for those that wait', async () => {
    const { drainAll, delivered } = setUp(Array.from({ length: 8 }, () => 3_000))
    await drainAll(20)
    const firstOfAll = [...new Set(delivered)].map((queue) => delivered.indexOf(queue))
    expect(firstOfAll).toHaveLength(8)
    expect(Math.max(...firstOfAll)).toBeLessThan(8 * 150)
  })

  it('lends nobody the room of a message that is out and not settled', async () => {
    const { drainAll, seen, left } = setUp([5, 40])
    await drainAll(12, { unsettled: 'tenant.t0.eventbridge' })
    expect([...left.values()]).toEqual([0, 0])
    expect(seen).toMatchObject({ out: 5 })
    expect(seen.mostOut).toBeLessThanOrEqual(12)
  })
})

/** Queues with so many messages counted; the test delivers, settles and counts. */
function script(
  ready: Record<string, number>,
  prefetch = 100,
  failures: Readonly<Record<string, Error>> = {},
) {
  const queues = Object.keys(ready).map((name) => ({ name, wire: '1.0' }) as BridgeQueue)
  const counts = new Map(Object.entries(ready))
  const lost = new AbortController()
  const over = new AbortController()
  const happened: string[] = []
  const counted: string[] = []
  const consumers = new Map<string, QueueConsumerHandlers>()
  const settling = new Map<string, (fate: Fate) => void>()
  let flown = 0
  const failing = new Map<string, (() => void) | undefined>()
  const cancelling: Promise<void>[] = []
  const broker: Partial<Broker> = {
    lost: lost.signal,
    async count(name) {
      counted.push(name)
      return counts.get(name)
    },
    async consume({ name }, share, handlers) {
      happened.push(`${name} ${share}`)
      if (failures[name]) throw failures[name]
      consumers.set(name, handlers)
      return {
        async cancel() {
          happened.push(`end ${name}`)
          consumers.delete(name)
          await cancelling.shift()
        },
      }
    },
  }
  let outcome: unknown = 'goes on'
  const visiting = visitQueues({
    broker: broker as Broker,
    backlogs: queues.map((queue) => ({ queue, ready: ready[queue.name] as number })),
    prefetch,
    settle: ({ routingKey, acknowledge }, onStoreFailure) =>
      new Promise((settle) => {
        failing.set(routingKey, onStoreFailure)
        settling.set(routingKey, (fate) => {
          if (fate !== 'returned') acknowledge()
          settle(fate)
        })
      }),
    onUntried: ({ routingKey }) => void happened.push(`untried ${routingKey}`),
    onGone: ({ name }) => void happened.push(`gone ${name}`),
    over: over.signal,
  }).then(
    () => {
      outcome = 'over'
    },
    (error: unknown) => {
      outcome = error
    },
  )
  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds)
  return {
    ...{ counts, counted, lost, over, happened, settling, visiting, pass, cancelling },
    outcome: () => outcome,
    gone: (name: string) => consumers.get(name)?.onGone(),
    ...{ deliver, settle, flow },
    /** A store fails that the message needs: it waits for it. */
    async storeFails(id: string) {
      failing.get(id)?.()
      await pass(0)
    },
    /** What has happened since the last call. */
    news: () => happened.splice(0),
  }

  /** Of an ordered queue where the id says so. */
  async function deliver(name: string, id: string, redelivered = false): Promise<void> {
    counts.set(name, Math.max(0, (counts.get(name) ?? 0) - 1))
    consumers.get(name)?.onMessage({
      ...{ queue: name, routingKey: id, redelivered, properties: {} },
      ...{ body: Buffer.from(id), wire: id.startsWith('ordered') ? '2.0' : '1.0' },
      acknowledge: () => undefined,
    } as Partial<IncomingMessage> as IncomingMessage)
    await pass(0)
  }

  async function settle(id: string, fate: Fate = 'bridged'): Promise<void> {
    settling.get(id)?.(fate)
    settling.delete(id)
    await pass(0)
  }

  /** So many more, each of which is settled at once. */
  async function flow(name: string, count: number): Promise<void> {
    for (let each = 0; each < count; each += 1) {
      flown += 1
      await deliver(name, `flow ${flown}`)
      await settle(`flow ${flown}`)
    }
  }
}

describe('the visits of a drain', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `q${index}`)

  it('take one message each of ten queues before the bus has taken one', async () => {
    const all = names(12)
    const { deliver, settle, pass, news } = script(Object.fromEntries(all.map((name) => [name, 5])))
    await pass(0)
    expect(news()).toEqual(all.slice(0, 10).map((name) => `${name} 1`))
    await deliver('q0', 'a')
    await deliver('q1', 'b')
    await settle('a', 'returned')
    await pass(1_000)
    expect(news()).toEqual([])
    await settle('b')
    // The others begin with an even share, also the one whose visit of one message is over.
    expect(news()).toEqual(['end q0', 'q10 8', 'q11 8', 'q0 8'])
  })

  it('take no more than there is room for before the bus has taken one', async () => {
    const { pass, news } = script(Object.fromEntries(names(5).map((name) => [name, 5])), 3)
    await pass(1_000)
    expect(news()).toEqual(['q0 1', 'q1 1', 'q2 1'])
  })

  it('are over at once where nothing was counted and nothing has come', async () => {
    const { pass, outcome, happened } = script({ a: 0, b: 0 })
    await pass(0)
    expect([outcome(), happened]).toEqual(['over', []])
  })

  it('begin where messages have come meanwhile', async () => {
    const { pass, counts, news } = script({ a: 0, b: 1 })
    await pass(0)
    expect(news()).toEqual(['b 1'])
    counts.set('a', 3)
    await pass(899)
    expect(news()).toEqual([])
    await pass(1)
    expect(news()).toEqual(['a 1'])
  })

  it('fail with a queue that can not be consumed, once the others are over', async () => {
    const refusal = new Error('refused')
    const { pass, deliver, settle, outcome, news } = script({ a: 1, b: 2 }, 100, { b: refusal })
    await pass(0)
    expect([news(), outcome()]).toEqual([['a 1', 'b 1'], 'goes on'])
    await pass(100)
    expect(outcome()).toBe('goes on')
    await deliver('a', 'last')
    expect([news(), outcome()]).toEqual([['end a'], refusal])
    await settle('last')
  })

  it('that can not end in order are ended after a second', async () => {
    const { over, pass, outcome, news } = script({ a: 1, b: 2 })
    await pass(50)
    over.abort()
    await pass(999)
    expect([news(), outcome()]).toEqual([['a 1', 'b 1'], 'goes on'])
    await pass(1)
    expect([news(), outcome()]).toEqual([['end a', 'end b'], 'over'])
  })

  it('end at once where the connection is lost, whatever could not be consumed', async () => {
    const failures = { b: new Error('the channel is closed') }
    const { lost, over, pass, outcome } = script({ a: 1, b: 2 }, 100, failures)
    lost.abort(new Error('lost'))
    await pass(50)
    over.abort()
    await pass(0)
    expect(outcome()).toBe('over')
  })

  it('tell of a queue that is gone, and leave it alone', async () => {
    const { gone, deliver, settle, counts, pass, outcome, news } = script({ a: 5, b: 1 })
    await pass(0)
    gone('a')
    counts.set('a', 7)
    await deliver('b', 'last')
    await settle('last')
    await pass(3_000)
    expect([news(), outcome()]).toEqual([['b 1', 'a 1', 'gone a', 'end a', 'end b'], 'over'])
  })

  it('leave redelivered messages for the end, and then each has its time alone', async () => {
    const { deliver, settle, pass, settling, outcome, news } = script({ a: 2 })
    await pass(0)
    await deliver('a', 'again', true)
    await pass(0)
    // A share of one that is held frees no room.
    expect([news(), [...settling.keys()]]).toEqual([['a 1', 'end a', 'a 1'], []])
    await deliver('a', 'new')
    await settle('new')
    expect([...settling.keys()]).toEqual([])
    await pass(3_000)
    expect([...settling.keys()]).toEqual(['again'])
    await settle('again')
    await pass(200)
    expect(outcome()).toBe('over')
  })

  it('give redelivered messages their time after ten seconds, although others flow', async () => {
    await jest.advanceTimersByTimeAsync(20_000)
    const { deliver, flow, settle, pass, counts, settling, news } = script({ a: 1_000, b: 1 }, 12)
    await pass(0)
    await deliver('b', 'again', true)
    await flow('a', 1)
    await deliver('a', 'second')
    await settle('second')
    await pass(100)
    expect(news()).toEqual(['b 1', 'a 1', 'end b', 'end a', 'a 11'])
    for (let time = 100; time < 10_000; time += 200) {
      expect(settling.has('again')).toBe(false)
      counts.set('a', 500)
      await flow('a', 1)
      await pass(200)
    }
    // The visit of the others ends in order: when its share is used up.
    for (let more = 0; more < 11; more += 1) {
      counts.set('a', 500)
      await pass(100)
      expect([news(), settling.has('again')]).toEqual([[], false])
      await deliver('a', `last ${more}`)
    }
    expect(news()).toEqual(['end a'])
    // What becomes free is lent to nobody meanwhile.
    for (let more = 0; more < 10; more += 1) await settle(`last ${more}`)
    await pass(300)
    expect([news(), settling.has('again')]).toEqual([[], false])
    await settle('last 10')
    expect([news(), settling.has('again')]).toEqual([[], true])
  })

  it('give redelivered messages their time at once where they take all the room', async () => {
    const { deliver, pass, settling } = script({ a: 2 }, 1)
    await pass(0)
    await deliver('a', 'again', true)
    await pass(100)
    expect([...settling.keys()]).toEqual(['again'])
  })

  it('leave an ordered queue alone of which a message is held, which gets its time at once if nothing else flows', async () => {
    const { deliver, settle, pass, counts, settling, news } = script({ a: 2 })
    await pass(0)
    await deliver('a', 'ordered again', true)
    expect(news()).toEqual(['a 1', 'end a'])
    counts.set('a', 1)
    await pass(100)
    expect([[...settling.keys()], news()]).toEqual([['ordered again'], []])
    await settle('ordered again')
    await pass(200)
    expect(news()).toEqual(['a 100'])
  })

  it('give back what was held when time is up', async () => {
    const { deliver, over, pass, outcome, news } = script({ a: 1, b: 5 })
    await pass(0)
    await deliver('a', 'again', true)
    over.abort()
    await pass(2_000)
    expect(outcome()).toBe('over')
    expect(news().filter((each) => each.startsWith('untried'))).toEqual(['untried again'])
  })

  it('that stall give their share to others, and are repeated after a rest', async () => {
    const { deliver, settle, pass, news } = script({ a: 1, b: 40, c: 500 }, 1)
    await pass(0)
    await deliver('a', 'first')
    await settle('first')
    await pass(0)
    // Nothing comes of what was counted: the broker is at fault, or another bridge has it out.
    await pass(9_900)
    expect(news()).toEqual(['a 1', 'end a', 'b 1'])
    await pass(4_000)
    expect(news()).toEqual(['end b', 'c 1'])
    await pass(15_000)
    expect(news()).toEqual([])
    await pass(9_000)
    expect(news()).toEqual(['end c', 'b 1'])
  })

  it('begin without another count where messages were counted, and with one at once where none are left', async () => {
    const { flow, pass, counts, counted, news } = script({ a: 1, b: 0 })
    await pass(0)
    expect([news(), counted]).toEqual([['a 1'], []])
    await flow('a', 1)
    counts.set('b', 4)
    await pass(300)
    expect(counted).toContain('b')
    expect(news()).toEqual(['end a', 'b 100'])
  })

  it('wait for room where all of it is out', async () => {
    const { deliver, storeFails, settle, pass, outcome, news } = script({ a: 1, b: 1 }, 1)
    await pass(0)
    await deliver('a', 'waits')
    await storeFails('waits')
    await pass(3_000)
    expect([news(), outcome()]).toEqual([['a 1', 'end a'], 'goes on'])
    await settle('waits')
    expect(news()).toEqual(['b 1'])
  })

  /** A visit with 29 of 30, and 200 messages in another queue. */
  const withOneLarge = async () => {
    const run = script({ a: 500, b: 0 }, 30)
    await run.pass(0)
    await run.flow('a', 1)
    await run.deliver('a', 'second')
    expect(run.news()).toEqual(['a 1', 'end a', 'a 29'])
    run.counts.set('b', 200)
    return run
  }

  it('have a share that is worth a visit, or wait for it', async () => {
    const { deliver, settle, pass, counts, news } = await withOneLarge()
    await settle('second')
    await pass(1_000)
    // One is free: too little while more becomes free.
    expect(news()).toEqual([])
    for (let each = 0; each < 15; each += 1) await deliver('a', `on its way ${each}`)
    counts.set('a', 0)
    // Its visit was silent for as long as counted messages may take.
    await pass(3_400)
    expect(news()).toEqual(['end a'])
    for (let each = 0; each < 4; each += 1) await settle(`on its way ${each}`)
    await pass(100)
    expect(news()).toEqual([])
    await settle('on its way 4')
    expect(news()).toEqual(['b 20'])
  })

  it('have what room there is where the rest waits for a store', async () => {
    const { deliver, settle, storeFails, pass, counts, news } = await withOneLarge()
    await settle('second')
    for (let each = 0; each < 15; each += 1) await deliver('a', `waits ${each}`)
    counts.set('a', 0)
    for (let each = 0; each < 15; each += 1) await storeFails(`waits ${each}`)
    await pass(2_500)
    expect(news()).toEqual(['end a', 'b 15'])
  })

  it('that had their quota end for queues that come later, as many as these need', async () => {
    const { flow, deliver, pass, counts, news } = await withOneLarge()
    counts.set('a', 500).set('b', 0)
    await flow('a', 200)
    // Nobody waits: the visit goes on.
    await pass(200)
    expect(news()).toEqual([])
    counts.set('b', 5)
    await pass(1_000)
    expect(news()).toEqual([])
    for (let each = 0; each < 28; each += 1) await deliver('a', `fills ${each}`)
    expect(news()).toEqual([])
    await deliver('a', 'fills the share')
    expect(news()).toEqual(['end a'])
  })

  it('that end for others are no more than these need', async () => {
    const { flow, deliver, settle, pass, counts, news } = script({ a: 500, b: 500, c: 0 }, 40)
    await pass(0)
    await flow('a', 1)
    await deliver('a', 'a 2')
    await deliver('b', 'b 2')
    await settle('a 2')
    await settle('b 2')
    expect(news()).toEqual(['a 1', 'b 1', 'end a', 'a 20', 'end b', 'b 20'])
    counts.set('a', 500).set('b', 500)
    await flow('a', 100)
    await flow('b', 100)
    counts.set('a', 500).set('b', 500).set('c', 5)
    await pass(1_000)
    for (let each = 0; each < 20; each += 1) await deliver('a', `last ${each}`)
    for (let each = 0; each < 20; each += 1) await deliver('b', `more ${each}`)
    expect(news()).toEqual(['end a'])
    for (let each = 0; each < 5; each += 1) await settle(`last ${each}`)
    expect(news()).toEqual(['c 5'])
  })

  it('grow when they could have twice the share, and their quota is over', async () => {
    const { flow, pass, counts, news } = script({ a: 500, b: 30 }, 40)
    await pass(0)
    for (const queue of ['a', 'b', 'a', 'b']) await flow(queue, 1)
    expect(news()).toEqual(['b 1', 'a 1', 'end b', 'b 20', 'end a', 'a 20'])
    // Enough is free when the other one is empty.
    counts.set('b', 0)
    await pass(3_000)
    expect(news()).toEqual(['end b'])
    await flow('a', 98)
    counts.set('a', 500)
    await pass(300)
    await flow('a', 20)
    expect(news()).toEqual([])
    await pass(100)
    await flow('a', 19)
    expect(news()).toEqual([])
    await flow('a', 1)
    // All but the one message that is being settled.
    expect(news()).toEqual(['end a', 'a 39'])
  })

  it('to a queue of which little was counted end for others when that is taken', async () => {
    const { flow, settle, deliver, pass, counts, news } = script({ a: 30, b: 500, c: 0 }, 40)
    await pass(0)
    for (const queue of ['a', 'b', 'a', 'b']) await flow(queue, 1)
    expect(news()).toEqual(['a 1', 'b 1', 'end b', 'b 20', 'end a', 'a 20'])
    counts.set('a', 500).set('c', 5)
    await flow('a', 28)
    await pass(1_000)
    for (let each = 0; each < 20; each += 1) await deliver('a', `last ${each}`)
    expect(news()).toEqual(['end a'])
    for (let each = 0; each < 5; each += 1) await settle(`last ${each}`)
    expect(news()).toEqual(['c 5'])
  })

  it.each([
    ['comes again', true, 4_000],
    ['is new', false, 2_000],
  ])(
    'wait longer once a message of a queue that had counted as empty %s: %p',
    async (_, again, wait) => {
      const { flow, deliver, pass, counts, news, happened } = script({ a: 2, b: 500 })
      await pass(0)
      for (const queue of ['a', 'b', 'b']) await flow(queue, 1)
      expect(news()).toEqual(['a 1', 'b 1', 'end b', 'b 50'])
      counts.set('a', 0)
      const flowFor = async (milliseconds: number) => {
        for (let time = 0; time < milliseconds; time += 200) {
          counts.set('b', 500)
          await flow('b', 1)
          await pass(200)
        }
      }
      await flowFor(2_600)
      expect(news()).toEqual(['end a'])
      counts.set('a', 1)
      for (let time = 0; time < 1_200 && happened.length === 0; time += 200) await flowFor(200)
      expect(news()).toEqual([expect.stringMatching(/^a \d+$/)])
      await deliver('a', 'one more', again)
      await flow('b', 1)
      counts.set('b', 0)
      await pass(wait - 200)
      expect(news()).not.toContain('end b')
      await pass(600)
      expect(news()).toContain('end b')
    },
  )

  it('end together once one can not be consumed: no other begins', async () => {
    const failures = { a: new Error('refused') }
    const { deliver, pass, outcome, news } = script({ a: 1, b: 2, c: 3 }, 2, failures)
    await pass(100)
    await deliver('b', 'last')
    expect([news(), outcome()]).toEqual([['a 1', 'b 1', 'end b'], failures.a])
  })

  it('are over when their consumers are cancelled, however long that takes', async () => {
    const { over, pass, outcome, cancelling, news } = script({ a: 1 })
    const { promise, resolve } = Promise.withResolvers<void>()
    cancelling.push(promise)
    over.abort()
    await pass(10_000)
    expect([news(), outcome()]).toEqual([['a 1', 'end a'], 'goes on'])
    resolve()
    await pass(0)
    expect(outcome()).toBe('over')
  })

  it('wait for the rest of a queue that stalled where nothing else is left', async () => {
    const { flow, pass, counts, news, outcome } = script({ a: 1, b: 40, c: 50 }, 1)
    await pass(0)
    await flow('a', 1)
    await pass(14_000)
    expect(news()).toEqual(['a 1', 'end a', 'b 1', 'end b', 'c 1'])
    counts.set('c', 0)
    await pass(5_000)
    expect([news(), outcome()]).toEqual([['end c'], 'goes on'])
    await pass(20_000)
    expect(news()).toEqual(['b 1'])
    // It delivers again, and stalls once more: it rests as long as the first time.
    await flow('b', 1)
    counts.set('c', 9)
    await pass(19_000)
    expect(news()).toEqual(['end b', 'c 1'])
    counts.set('c', 0)
    await pass(24_000)
    expect(news()).toEqual(['end c', 'b 1'])
  })
})
