import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import { startVisit } from '../../../../lib/bridge/drain/visit.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const queue = { name: 'queue' } as BridgeQueue

/** A visit, and what happened at the broker and was told. The messages wait for the test to settle them. */
async function start(share: number, quota: number) {
  const happened: string[] = []
  const messages: IncomingMessage[] = []
  const holds: (() => void)[] = []
  const waits: number[] = []
  let handlers = {} as QueueConsumerHandlers
  let cancels = 0
  const broker: Partial<Broker> = {
    async consume({ name }, prefetch, given) {
      happened.push(`consume ${name} ${prefetch}`)
      handlers = given
      return {
        async cancel() {
          cancels += 1
          happened.push('cancel')
        },
      }
    },
  }
  const visit = startVisit(
    broker as Broker,
    queue,
    { share, quota },
    {
      onMessage(message, hold) {
        messages.push(message)
        holds.push(hold)
      },
      onQuota: () => void happened.push('quota'),
      onFree: (count) => void happened.push(`free ${count}`),
      onWait: (milliseconds) => void waits.push(milliseconds),
      onGone: () => void happened.push('gone'),
    },
  )
  let isOver = false
  void visit.over.then(() => {
    isOver = true
  })
  await turn()
  return {
    visit,
    happened,
    messages,
    holds,
    waits,
    cancels: () => cancels,
    isOver: () => isOver,
    gone: () => handlers.onGone(),
    deliver(count: number) {
      for (let each = 0; each < count; each += 1) {
        const settle = (how: string) => () => void happened.push(how)
        handlers.onMessage({
          ...{ queue: 'queue', routingKey: 'task.create' },
          acknowledge: settle('acknowledged'),
          deadLetter: settle('dead-lettered'),
          requeue: settle('requeued'),
        } as Partial<IncomingMessage> as IncomingMessage)
      }
    },
  }
}

const turn = () => jest.advanceTimersByTimeAsync(0)

describe('a visit to a queue', () => {
  it('consumes it with its share, and knows what it has taken and whether it may take more', async () => {
    const { visit, happened, messages, deliver } = await start(2, 3)
    expect(visit).toMatchObject({ queue, share: 2, quota: 3, taken: 0, ending: false, full: false })
    deliver(1)
    expect([visit.taken, visit.full]).toEqual([1, false])
    deliver(1)
    expect([visit.taken, visit.full]).toEqual([2, true])
    expect(messages[0]).toMatchObject({ queue: 'queue', routingKey: 'task.create' })
    messages[0]?.acknowledge()
    messages[1]?.deadLetter()
    expect([visit.taken, visit.full]).toEqual([2, false])
    deliver(2)
    messages[2]?.requeue()
    expect(happened).toEqual([
      'consume queue 2',
      'acknowledged',
      'dead-lettered',
      'quota',
      'requeued',
    ])
    expect(visit.ending).toBe(false)
  })

  it('knows since when it is silent, and how long the broker had room before it delivered', async () => {
    const { visit, messages, waits, deliver } = await start(2, 10)
    jest.advanceTimersByTime(300)
    expect(visit.silence()).toBe(300)
    deliver(1)
    expect([visit.silence(), waits]).toEqual([0, [300]])
    jest.advanceTimersByTime(40)
    deliver(1)
    expect(waits).toEqual([300, 40])
    // Its share is used up: what it waits for from here on is not the broker.
    jest.advanceTimersByTime(1_000)
    expect(visit.silence()).toBe(1_000)
    messages[0]?.acknowledge()
    jest.advanceTimersByTime(5)
    messages[1]?.acknowledge()
    jest.advanceTimersByTime(2)
    deliver(1)
    expect(waits).toEqual([300, 40, 7])
  })

  it('a delivery for which there was no room tells of no wait', async () => {
    const { waits, deliver } = await start(1, 10)
    deliver(2)
    expect(waits).toEqual([0])
  })

  it('ends when its share is used up, so that the broker has assigned it nothing', async () => {
    const { visit, happened, messages, deliver, isOver, cancels } = await start(2, 10)
    deliver(1)
    visit.end()
    await turn()
    expect([visit.ending, cancels()]).toEqual([true, 0])
    // A settlement would have the broker assign one more.
    messages[0]?.acknowledge()
    expect([happened.includes('acknowledged'), visit.full]).toEqual([false, false])
    deliver(1)
    await turn()
    expect([isOver(), cancels()]).toEqual([true, 1])
    expect(happened.slice(1)).toEqual(['cancel', 'free 0', 'acknowledged', 'free 1'])
    messages[1]?.acknowledge()
    expect(happened.slice(5)).toEqual(['acknowledged', 'free 1'])
  })

  it('ends at once when its share is used up already', async () => {
    const { visit, deliver, isOver } = await start(2, 10)
    deliver(2)
    visit.end()
    await turn()
    expect(isOver()).toBe(true)
  })

  it('goes on when a share was used up that is free again', async () => {
    const { visit, messages, deliver, isOver } = await start(2, 10)
    deliver(2)
    messages[0]?.acknowledge()
    visit.end()
    await turn()
    expect(isOver()).toBe(false)
  })

  it('is cancelled at once where its queue is empty, and frees what it has not used', async () => {
    const { visit, happened, messages, deliver, isOver } = await start(5, 10)
    deliver(2)
    visit.cancel()
    expect(visit.ending).toBe(true)
    messages[0]?.acknowledge()
    await turn()
    expect(isOver()).toBe(true)
    expect(happened.slice(1)).toEqual(['cancel', 'free 3', 'acknowledged', 'free 1'])
    messages[1]?.requeue()
    expect(happened.slice(5)).toEqual(['requeued', 'free 1'])
  })

  it('is over when its queue is gone', async () => {
    const { visit, happened, gone, isOver } = await start(5, 10)
    gone()
    expect(visit.ending).toBe(true)
    await turn()
    expect([isOver(), happened.slice(1)]).toEqual([true, ['gone', 'cancel', 'free 5']])
  })

  it('ends when all of its share is held until it is over', async () => {
    const { visit, holds, deliver, isOver } = await start(2, 10)
    deliver(2)
    holds[0]?.()
    await turn()
    expect([visit.ending, isOver()]).toEqual([false, false])
    holds[1]?.()
    await turn()
    expect([visit.ending, isOver()]).toEqual([true, true])
  })

  it('that is ending ends also with what is held', async () => {
    const { visit, holds, deliver, isOver } = await start(3, 10)
    deliver(1)
    visit.end()
    deliver(1)
    await turn()
    expect(isOver()).toBe(false)
    holds[0]?.()
    await turn()
    expect(isOver()).toBe(false)
    deliver(1)
    await turn()
    expect(isOver()).toBe(true)
  })
})
