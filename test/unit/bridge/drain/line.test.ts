import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Backlog } from '../../../../lib/bridge/backlog.ts'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import { createLine } from '../../../../lib/bridge/drain/line.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** A line of queues with so many messages each; `counts` is what the broker has in them now. */
function start(ready: Record<string, number>) {
  const counts = new Map(Object.entries(ready))
  const counted: string[] = []
  const over = new AbortController()
  let failure: Error | undefined
  const broker: Partial<Broker> = {
    async count(queue) {
      counted.push(queue)
      if (failure) throw failure
      return counts.get(queue)
    },
  }
  const backlogs: Backlog[] = Object.entries(ready).map(([name, ready]) => ({
    queue: { name } as BridgeQueue,
    ready,
  }))
  const line = createLine(broker as Broker, backlogs, over.signal)
  return {
    line,
    counts,
    counted,
    over,
    backlogs,
    backlog: (name: string, ready = 1): Backlog => ({ queue: { name } as BridgeQueue, ready }),
    break(error: Error) {
      failure = error
    },
    /** Takes all that wait, in their order. */
    takeAll() {
      const names: string[] = []
      for (let next = line.first(() => true); next; next = line.first(() => true)) {
        names.push(`${next.queue.name} ${next.ready}`)
        line.leave(next)
      }
      return names
    },
  }
}

const none = () => false

describe('the line of queues', () => {
  it('has the shortest first, and none that is empty', () => {
    const { line, takeAll } = start({ a: 30, b: 0, c: 1, d: 2 })
    expect(line.size).toBe(3)
    expect(takeAll()).toEqual(['c 1', 'd 2', 'a 30'])
    expect(line.size).toBe(0)
  })

  it('passes over a queue that may not be consumed', () => {
    const { line } = start({ a: 30, c: 1, d: 2 })
    expect(line.first((queue) => queue !== 'c')?.queue.name).toBe('d')
    expect(line.first(none)).toBeUndefined()
    expect(line.size).toBe(3)
  })

  it('takes a queue back at its end', () => {
    const { line, takeAll, backlog } = start({ a: 30, c: 1 })
    line.push(backlog('c', 1))
    expect(takeAll()).toEqual(['c 1', 'a 30', 'c 1'])
  })

  it('has no queue that is gone', async () => {
    const { line, takeAll, backlog, counted } = start({ a: 30, c: 1 })
    takeAll()
    line.remove('c')
    line.push(backlog('c'))
    expect(line.size).toBe(0)
    await line.refill(none)
    expect([takeAll(), counted]).toEqual([['a 30'], ['a']])
  })

  it('lines up what has come to queues that neither wait nor are visited, before the others', async () => {
    const { line, takeAll, counts, counted } = start({ a: 30, b: 0, c: 0, d: 0, visited: 0 })
    counts.set('b', 70).set('c', 40).set('visited', 5)
    await line.refill((queue) => queue === 'visited')
    expect(counted).toEqual(['b', 'c', 'd'])
    expect(takeAll()).toEqual(['c 40', 'b 70', 'a 30'])
  })

  it('counts one queue: 0 if it is gone, and 1 if the broker does not tell because time is up', async () => {
    const { line, counts, over, break: breakOff, backlog } = start({ a: 30 })
    expect(await line.count(backlog('a').queue)).toBe(30)
    counts.delete('a')
    expect(await line.count(backlog('a').queue)).toBe(0)
    breakOff(new Error('no answer'))
    await expect(line.count(backlog('a').queue)).rejects.toThrow('no answer')
    over.abort()
    expect(await line.count(backlog('a').queue)).toBe(1)
    await line.refill(none)
    expect(line.size).toBe(1)
  })

  it('counts the messages that visits would take at once', () => {
    const { line } = start({ a: 30, b: 5, c: 20 })
    expect(line.wanted(20)).toBe(45)
    line.clear()
    expect([line.size, line.wanted(20)]).toEqual([0, 0])
  })

  it('lets a queue that stalled rest, twice as long each time, until it delivers', async () => {
    const { line, takeAll, backlog, counted } = start({ a: 30 })
    takeAll()
    expect(line.isResting).toBe(false)
    for (const rest of [20_000, 40_000, 80_000]) {
      line.rest('a')
      jest.advanceTimersByTime(rest - 1)
      line.push(backlog('a'))
      expect([line.isResting, line.size]).toEqual([true, 0])
      await line.refill(none)
      expect([line.size, counted]).toEqual([0, []])
      jest.advanceTimersByTime(1)
      expect(line.isResting).toBe(false)
      line.push(backlog('a'))
      expect(takeAll()).toEqual(['a 1'])
    }
    line.rest('a')
    line.wake('a')
    expect(line.isResting).toBe(false)
    line.rest('a')
    jest.advanceTimersByTime(20_000)
    expect(line.isResting).toBe(false)
  })
})
