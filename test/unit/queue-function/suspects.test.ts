import { Logger } from '@aws-lambda-powertools/logger'
import { describe, expect, it } from '@jest/globals'
import type { Context, SQSRecord } from 'aws-lambda'
import { EcosError } from '../../../lib/errors.ts'
import type { DeadLetter } from '../../../lib/queue-function/ports.ts'
import { queueFunction } from '../../../lib/queue-function/queue-function.ts'
import { doublingRetry } from '../../../lib/queue-function/retry-wait.ts'
import type { Witness } from '../../../lib/queue-function/suspects.ts'

/** A queue whose messages come in batches until they are handled or dead-lettered. */
function setUp(
  handle: (id: string) => Promise<string>,
  witness: Witness = memoryWitness(),
  isLong?: (body: string) => boolean,
) {
  const dead: DeadLetter[] = []
  const receives = new Map<string, number>()
  let remaining = () => 30_000
  const invoke = queueFunction(
    {
      parse: (body) => ({ tenant: 'acme', eventType: 'task.create', eventId: body }),
      handle: ({ eventId }) => handle(eventId),
      ...(isLong && { isLong }),
    },
    {
      log: new Logger({ logLevel: 'SILENT' }),
      retry: { ...doublingRetry(120, 5), tries: 5 },
      postpone: async () => undefined,
      deadLetter: async (letter) => void dead.push(letter),
      witness,
    },
  )
  return {
    dead,
    receives,
    late: () => {
      remaining = () => 11_000
    },
    /** @returns the ids that come again, all of them if the process died */
    async batch(ids: readonly string[]): Promise<readonly string[]> {
      const Records = ids.map((id) => {
        receives.set(id, (receives.get(id) ?? 0) + 1)
        const attributes = { ApproximateReceiveCount: String(receives.get(id)), SentTimestamp: '1' }
        return { messageId: id, receiptHandle: id, body: id, attributes } as SQSRecord
      })
      const context = {
        ...{ functionName: 'f', functionVersion: '1', invokedFunctionArn: 'a' },
        ...{ memoryLimitInMB: '256', awsRequestId: 'r', getRemainingTimeInMillis: remaining },
      } as Context
      const died = new Promise<'died'>((resolve) => {
        kill = () => resolve('died')
      })
      const answer = await Promise.race([invoke({ Records }, context), died])
      if (answer === 'died') return ids
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
    },
  }
}

/** Ends the process: nothing that it had begun goes on. */
let kill: () => void = () => undefined
const killed = () => {
  kill()
  return new Promise<string>(() => undefined)
}

function memoryWitness(): Witness {
  const begun = new Map<string, Set<number>>()
  const of = (id: string) => begun.get(id) ?? new Set()
  return {
    async begin(id, receive) {
      begun.set(id, of(id).add(receive))
      return of(id).size - 1
    },
    withdraw: async (id, receive) => void of(id).delete(receive),
    end: async (id) => void begun.delete(id),
  }
}

describe('a message that kills the process', () => {
  it('is dead-lettered after few receives, and its neighbours are handled', async () => {
    const handled = new Set<string>()
    const queue = setUp(async (id) => {
      if (id === 'killer') return killed()
      handled.add(id)
      return 'handled'
    })
    let waiting: readonly string[] = ['killer', 'good', 'other']
    for (let tries = 0; waiting.length > 0 && tries < 20; tries += 1) {
      waiting = await queue.batch(waiting)
    }
    expect(queue.dead.map(({ body, failure }) => [body, failure.code])).toEqual([
      ['killer', 'killed-handler'],
    ])
    // 180 s each: well below an hour.
    expect(queue.receives.get('killer')).toBeLessThan(10)
    expect(handled).toEqual(new Set(['good', 'other']))
  })

  it('is handled after the others of its batch, and alone', async () => {
    const order: string[] = []
    const queue = setUp(async (id) => {
      order.push(`${id} begins`)
      await new Promise(setImmediate)
      order.push(`${id} ends`)
      return 'handled'
    })
    for (const id of ['one', 'two']) queue.receives.set(id, 9)
    expect(await queue.batch(['one', 'two', 'fresh'])).toEqual([])
    expect(order).toEqual([
      ...['fresh begins', 'fresh ends', 'one begins', 'one ends', 'two begins', 'two ends'],
    ])
  })
})

describe('a failure', () => {
  it('of a service is no kill, however often it comes', async () => {
    const down = Object.assign(new Error('x'), { name: 'ThrottlingException', $metadata: {} })
    const queue = setUp(() => Promise.reject(down))
    for (let tries = 0; tries < 100; tries += 1) expect(await queue.batch(['e'])).toEqual(['e'])
    expect(queue.dead).toEqual([])
  })

  it('of the table of tries leaves nothing begun', async () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const witness = { ...memoryWitness(), begin: () => Promise.reject(refused) }
    const queue = setUp(async () => 'handled', witness)
    queue.receives.set('e', 9)
    for (let tries = 0; tries < 50; tries += 1) expect(await queue.batch(['e'])).toEqual(['e'])
    expect(queue.dead).toEqual([])
  })

  it('of the table of tries that has recorded the try, and whose answer is lost, is no kill', async () => {
    const witness = memoryWitness()
    const hangUp = Object.assign(new Error('x'), { code: 'ECONNRESET' })
    let isLost = true
    const queue = setUp(async () => 'handled', {
      ...witness,
      async begin(id, receive) {
        const dead = await witness.begin(id, receive)
        if (isLost) throw hangUp
        return dead
      },
    })
    queue.receives.set('e', 9)
    for (let tries = 0; tries < 10; tries += 1) expect(await queue.batch(['e'])).toEqual(['e'])
    isLost = false
    expect(await queue.batch(['e'])).toEqual([])
    expect(queue.dead).toEqual([])
  })

  it('to record the end is repeated', async () => {
    const witness = memoryWitness()
    let failures = 3
    const end = async (id: string) => {
      failures -= 1
      if (failures >= 0) throw new EcosError('table-unread', 'x', { retryable: true })
      await witness.end(id)
    }
    const queue = setUp(async () => 'handled', { ...witness, end })
    queue.receives.set('e', 9)
    expect(await queue.batch(['e'])).toEqual([])
    expect(await witness.begin('e', 11)).toBe(0)
  })

  it('for want of time is no try', async () => {
    const queue = setUp(async () => 'handled')
    queue.receives.set('e', 9)
    queue.late()
    for (let tries = 0; tries < 50; tries += 1) expect(await queue.batch(['e'])).toEqual(['e'])
    expect(queue.dead).toEqual([])
  })
})

describe('a message that takes long', () => {
  it('comes after the others of its batch, beside those that take long too, and before suspects', async () => {
    const begun: string[] = []
    const gates = new Map<string, () => void>()
    const queue = setUp(
      async (id) => {
        begun.push(id)
        await new Promise<void>((resolve) => gates.set(id, resolve))
        if (id === 'short-2') throw new EcosError('invalid-event', 'does not fit')
        return 'handled'
      },
      memoryWitness(),
      (body) => body.startsWith('long'),
    )
    const open = async (...ids: readonly string[]) => {
      for (const id of ids) gates.get(id)?.()
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    }
    queue.receives.set('suspect', 3)
    const batch = queue.batch(['long-1', 'suspect', 'short-1', 'long-2', 'short-2'])
    await open()
    expect(begun).toEqual(['short-1', 'short-2'])
    await open('short-1')
    expect(begun).toHaveLength(2)
    await open('short-2')
    expect(begun.slice(2)).toEqual(['long-1', 'long-2'])
    await open('long-2', 'long-1')
    expect(begun.slice(4)).toEqual(['suspect'])
    await open('suspect')
    expect(await batch).toEqual(['short-2'])
  })
})
