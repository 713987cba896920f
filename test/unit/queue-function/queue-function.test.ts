import { Logger } from '@aws-lambda-powertools/logger'
import { describe, expect, it, jest } from '@jest/globals'
import type { Context, SQSRecord } from 'aws-lambda'
import { EcosError } from '../../../lib/errors.ts'
import type { Attempt, Failure } from '../../../lib/queue-function/ports.ts'
import { queueFunction } from '../../../lib/queue-function/queue-function.ts'
import { doublingRetry } from '../../../lib/queue-function/retry-wait.ts'

interface Message {
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
}

const context = {
  functionName: 'f',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '256',
  awsRequestId: 'r1',
  getRemainingTimeInMillis: () => 30_000,
} as Context

function record(id: string, receiveCount = 1): SQSRecord {
  return {
    messageId: id,
    receiptHandle: `handle-${id}`,
    body: id,
    attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: '1000' },
  } as SQSRecord
}

/** A function that handles each record as `handle` says; and what it logged and postponed. */
function setUp(
  handle: (message: Message, attempt: Attempt) => Promise<string>,
  { postpone, recordFailure }: { postpone?(): Promise<void>; recordFailure?(): Promise<void> } = {},
) {
  const log = new Logger({ logLevel: 'SILENT' })
  const lines: unknown[][] = []
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(log, level).mockImplementation((...line) => void lines.push([level, ...line]))
  }
  const postponed: [string, number][] = []
  const failures: [string, Failure][] = []
  const invoke = queueFunction(
    {
      parse(body) {
        if (body === 'garbage') throw new EcosError('invalid-event', 'Not an event of the bus')
        return { tenant: 'acme', eventType: 'task.create', eventId: body }
      },
      handle,
      recordFailure:
        recordFailure ?? (async ({ eventId }, failure) => void failures.push([eventId, failure])),
    },
    {
      log,
      retry: doublingRetry(5, 8),
      postpone: postpone ?? (async (...wait) => void postponed.push(wait)),
    },
  )
  const run = (...Records: SQSRecord[]) => invoke({ Records }, context)
  return { run, lines, postponed, failures }
}

const fail = async () => {
  throw new EcosError('delivery-failed', 'Not delivered')
}

describe('a batch', () => {
  it('fails by the record: a bad one does not fail its neighbours', async () => {
    const { run, postponed } = setUp(({ eventId }) =>
      eventId === 'bad' ? fail() : Promise.resolve('handled'),
    )
    const response = await run(record('a'), record('bad'), record('garbage'), record('b'))
    const failed = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
    expect(failed.sort()).toEqual(['bad', 'garbage'])
    expect(postponed.map(([handle]) => handle).sort()).toEqual(['handle-bad', 'handle-garbage'])
  })

  it('that fails in full is reported record by record too', async () => {
    const { run } = setUp(fail)
    expect(await run(record('a'), record('b'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }],
    })
  })

  it('is settled in full when every record was handled, and reports none of the batch before', async () => {
    let broken = true
    const { run } = setUp(() => (broken ? fail() : Promise.resolve('handled')))
    await run(record('a'))
    broken = false
    expect(await run(record('a'))).toEqual({ batchItemFailures: [] })
  })

  it('is handled all at once', async () => {
    let running = 0
    let most = 0
    const { run } = setUp(async () => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running -= 1
      return 'handled'
    })
    await run(record('a'), record('b'), record('c'))
    expect(most).toBe(3)
  })
})

describe('a record that failed', () => {
  it('waits longer each time, and not at all after its last try', async () => {
    const { run, postponed } = setUp(fail)
    for (const count of [1, 2, 3, 4, 5]) await run(record('a', count))
    const waits = postponed.map(([, seconds]) => seconds)
    expect(waits.at(-1)).toBe(0)
    for (const [index, longest] of [8, 16, 32, 64].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(longest / 2)
      expect(waits[index]).toBeLessThanOrEqual(longest)
    }
  })

  it('is told to be on its last try then, and not before', async () => {
    const attempts: Attempt[] = []
    const { run } = setUp(async (_, attempt) => {
      attempts.push(attempt)
      return 'handled'
    })
    await run(record('a', 4))
    await run(record('a', 5))
    await run(record('a', 6))
    const [messageId, sentAt] = ['a', new Date(1000)]
    expect(attempts).toEqual([
      { messageId, tries: 4, isLast: false, isLastReceive: false, sentAt },
      { messageId, tries: 5, isLast: true, isLastReceive: true, sentAt },
      { messageId, tries: 6, isLast: true, isLastReceive: true, sentAt },
    ])
  })

  it('is still reported where its wait can not be set', async () => {
    const postpone = async () => {
      throw Object.assign(new Error('AccessDenied'), { $metadata: {} })
    }
    const { run, lines } = setUp(fail, { postpone })
    expect(await run(record('a'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] })
    expect(lines.at(-1)).toEqual([
      'warn',
      'The wait of a failed record was not set',
      {
        ...{ messageId: 'a', tenant: 'acme', eventType: 'task.create', eventId: 'a' },
        reason: 'AccessDenied',
      },
    ])
  })
})

describe('a record whose failure says how long to wait', () => {
  it.each([
    [0, 0],
    [64.3, 65],
    [100_000, 39_600],
  ])('%d s waits %d s', async (retryAfterSeconds, seconds) => {
    const { run, postponed } = setUp(async () => {
      throw new EcosError('delivery-failed', 'Not now', { retryAfterSeconds })
    })
    await run(record('a', 4))
    await run(record('a', 5))
    expect(postponed).toEqual([
      ['handle-a', seconds],
      ['handle-a', 0],
    ])
  })
})

it('a record whose failure asks for a short wait each time waits longer each time', async () => {
  const { run, postponed } = setUp(async () => {
    throw new EcosError('delivery-failed', 'HTTP 503', { retryAfterSeconds: 1 })
  })
  for (const tries of [1, 2, 3, 4]) await run(record('a', tries))
  for (const [index, least] of [4, 8, 16, 32].entries()) {
    expect(postponed[index]?.[1]).toBeGreaterThanOrEqual(least)
  }
})

describe('the failure of a record', () => {
  it('is kept with its code, its reason and the tries so far', async () => {
    const { run, failures } = setUp(fail)
    await run(record('a', 2), record('garbage', 2))
    const failure = { code: 'delivery-failed', reason: 'Not delivered', tries: 2, isLast: false }
    expect(failures).toEqual([['a', { ...failure, fault: 'message' }]])
  })

  it('is the one that is reported where it can not be kept', async () => {
    const recordFailure = async () => {
      throw Object.assign(new Error('AccessDenied'), { $metadata: {} })
    }
    const { run, lines, postponed } = setUp(fail, { recordFailure })
    expect(await run(record('a'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] })
    expect(postponed).toHaveLength(1)
    expect(lines).toMatchObject([
      ['warn', 'A failure was not recorded', { reason: 'AccessDenied' }],
      ['warn', 'Record failed', { reason: 'Not delivered' }],
    ])
  })
})

describe('the log', () => {
  const key = { tenant: 'acme', eventType: 'task.create', eventId: 'a', messageId: 'a' }

  it('has one line for a record that was handled', async () => {
    const { run, lines } = setUp(async () => 'nothing-to-do')
    await run(record('a', 2))
    expect(lines).toEqual([
      ['info', 'Record handled', { ...key, tries: 2, outcome: 'nothing-to-do' }],
    ])
  })

  it.each([
    [1, 'warn', 'Record failed', false],
    [5, 'error', 'Record failed for the last time', true],
  ])('has one line for a record that failed on try %i', async (count, level, text, isLast) => {
    const { run, lines } = setUp(fail)
    await run(record('a', count))
    const reason = { code: 'delivery-failed', reason: 'Not delivered', fault: 'message' }
    const failure = { ...reason, outcome: 'failed', isLast }
    expect(lines).toEqual([[level, text, { ...key, tries: count, ...failure }]])
  })

  it('knows an unreadable record by its message', async () => {
    const { run, lines } = setUp(fail)
    await run(record('garbage'))
    expect(lines).toEqual([
      [
        'warn',
        'Record failed',
        expect.objectContaining({ messageId: 'garbage', code: 'invalid-event' }),
      ],
    ])
  })
})
