import { describe, expect, it } from '@jest/globals'
import type { Context, SQSEvent } from 'aws-lambda'
import { EcosError } from '../../../lib/errors.ts'
import type { DeadLetter, Failure, QueuePorts } from '../../../lib/queue-function/ports.ts'
import { queueFunction } from '../../../lib/queue-function/queue-function.ts'
import { doubling } from '../../../lib/queue-function/retry-wait.ts'
import { listeningLog } from '../../support/listening-log.ts'

const retry = {
  maxReceiveCount: 100,
  tries: 3,
  waits: { ...doubling(5, 900), jitter: 0 },
  outageWaits: { ...doubling(5, 240), jitter: 0 },
}

/** Runs a function that fails with the error at one receive of a message, and returns what it did. */
async function failAt(
  receives: number,
  error: unknown,
  deadLetter: QueuePorts['deadLetter'] = async () => undefined,
) {
  const { log, lines } = listeningLog()
  const letters: DeadLetter[] = []
  const waits: number[] = []
  const recorded: Failure[] = []
  const invoke = queueFunction(
    {
      parse: () => ({ tenant: 'acme', eventType: 'task.create', eventId: 'e1' }),
      handle: () => Promise.reject(error),
      recordFailure: async (_, failure) => void recorded.push(failure),
    },
    {
      log,
      retry,
      postpone: async (_, seconds) => void waits.push(seconds),
      async deadLetter(letter) {
        await deadLetter(letter)
        letters.push(letter)
      },
    },
  )
  const attributes = {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '1000',
    MessageGroupId: 'acme',
  }
  const record = { messageId: 'm', receiptHandle: 'r', body: 'whole', attributes }
  const event = { Records: [record] } as unknown as SQSEvent
  const { batchItemFailures } = await invoke(event, { functionName: 'f' } as Context)
  return { letters, waits, recorded, lines, isSettled: batchItemFailures.length === 0 }
}

const misfit = new EcosError('invalid-event-data', 'taskPooledUsers does not fit')
const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

describe('a message that fails for its own fault', () => {
  it('waits longer each time', async () => {
    const [first, second] = [await failAt(1, misfit), await failAt(2, misfit)]
    expect([first.waits, second.waits]).toEqual([[5], [10]])
    expect([first.letters, first.isSettled]).toEqual([[], false])
  })

  it('is moved to the dead-letter queue after its tries, whole and with its reason', async () => {
    const { letters, waits, recorded, isSettled } = await failAt(3, misfit)
    const failure = {
      tries: 3,
      isLast: true,
      fault: 'message',
      code: 'invalid-event-data',
      reason: 'taskPooledUsers does not fit',
    }
    expect(letters).toEqual([{ body: 'whole', receiptHandle: 'r', group: 'acme', failure }])
    expect([waits, recorded, isSettled]).toEqual([[], [failure], true])
  })

  it('goes there at once where its error says that waiting is of no use', async () => {
    const error = new EcosError('notification-expired', 'too late', { retryAfterSeconds: 0 })
    const { letters, isSettled } = await failAt(1, error)
    expect([letters.length, isSettled]).toEqual([1, true])
  })

  it('waits where the dead-letter queue does not take it, and is not told as dead', async () => {
    const { letters, waits, lines, isSettled } = await failAt(3, misfit, () => Promise.reject(down))
    expect([letters, waits, isSettled]).toEqual([[], [20], false])
    expect(JSON.stringify(lines)).not.toContain('for the last time')
  })
})

describe('a message that a service fails', () => {
  it('waits, however often, up to a cap, and nothing is asked of the failing store', async () => {
    const all = await Promise.all([1, 3, 7, 99].map((receives) => failAt(receives, down)))
    expect(all.map(({ waits }) => waits)).toEqual([[5], [20], [240], [240]])
    for (const { letters, recorded, isSettled } of all) {
      expect([letters, recorded, isSettled]).toEqual([[], [], false])
    }
  })

  it('is left to the redrive policy at its last receive', async () => {
    const { letters, waits, recorded, lines, isSettled } = await failAt(100, down)
    expect([letters, waits, isSettled]).toEqual([[], [0], false])
    expect(recorded).toMatchObject([{ isLast: true, fault: 'service' }])
    expect(JSON.stringify(lines)).toContain('Record failed for the last time')
  })

  it('comes back when the lock that it met ends', async () => {
    const lock = { retryable: true, retryAfterSeconds: 17 }
    const { waits } = await failAt(20, new EcosError('under-way', 'held', lock))
    expect(waits).toEqual([17])
  })
})
