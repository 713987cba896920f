import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { ConsumeMessage } from 'amqplib'
import fc from 'fast-check'
import { createAcknowledgements } from '../../../lib/amqp/acknowledgements.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** The time for which acknowledgements are gathered. */
const gather = () => jest.advanceTimersByTime(5)

/** A channel that knows, as the broker does, which deliveries are still out. */
function setUp(count: number) {
  const out = new Set(Array.from({ length: count }, (_, index) => index + 1))
  const frames: string[] = []
  const channel = {
    ack({ fields: { deliveryTag: tag } }: ConsumeMessage, multiple = false) {
      // The broker closes the channel for a tag that it does not wait for.
      if (!out.has(tag)) throw new Error(`unknown delivery tag ${tag}`)
      frames.push(multiple ? `..${tag}` : `${tag}`)
      for (const known of multiple ? [...out].filter((one) => one <= tag) : [tag]) out.delete(known)
    },
    nack({ fields: { deliveryTag: tag } }: ConsumeMessage, multiple = false, requeue = true) {
      if (multiple || !out.delete(tag)) throw new Error(`unknown delivery tag ${tag}`)
      frames.push(requeue ? `+${tag}` : `-${tag}`)
    },
  }
  const acknowledgements = createAcknowledgements(channel, (work) => void setTimeout(work, 5))
  out.forEach((tag) => void acknowledgements.delivered(tag))
  const acknowledge = (...tags: number[]) =>
    tags.forEach((tag) => void acknowledgements.acknowledge(tag))
  return { acknowledgements, acknowledge, frames, out }
}

describe('createAcknowledgements', () => {
  it('sends what is acknowledged within 5 ms as one', () => {
    const { acknowledge, frames, out } = setUp(5)
    acknowledge(2, 1, 3)
    gather()
    expect(frames).toEqual(['..3'])
    expect([...out]).toEqual([4, 5])
  })

  it('acknowledges nothing that is still out', () => {
    const { acknowledge, frames, out } = setUp(6)
    acknowledge(1, 3, 4)
    gather()
    acknowledge(2, 5)
    gather()
    expect(frames).toEqual(['..1', '..5'])
    expect([...out]).toEqual([6])
  })

  it('sends those alone that wait for an older message that stays out', () => {
    const { acknowledge, frames, out } = setUp(4)
    acknowledge(2, 4)
    gather()
    expect(frames).toEqual([])
    jest.runOnlyPendingTimers()
    expect(frames).toEqual(['2', '4'])
    expect([...out]).toEqual([1, 3])
  })

  it('leaves no gap behind a message that is rejected', () => {
    const { acknowledgements, acknowledge, frames } = setUp(3)
    acknowledgements.reject(1)
    acknowledge(2, 3)
    gather()
    expect(frames).toEqual(['-1', '..3'])
  })

  it('puts one message back, and none with it', () => {
    const { acknowledgements, acknowledge, frames, out } = setUp(3)
    acknowledgements.requeue(2)
    acknowledge(1, 3)
    gather()
    expect(frames).toEqual(['+2', '..3'])
    expect([...out]).toEqual([])
  })

  it('has nothing left to write once the channel is lost', () => {
    const { acknowledgements, acknowledge, frames, out } = setUp(2)
    out.clear()
    acknowledge(1, 2)
    gather()
    acknowledgements.flush()
    expect(frames).toEqual([])
  })

  it('writes what it has when it is flushed, and nothing twice', () => {
    const { acknowledgements, acknowledge, frames } = setUp(2)
    acknowledge(1, 2)
    acknowledgements.flush()
    gather()
    expect(frames).toEqual(['..2'])
  })

  it('goes on as one behind a message that went alone', () => {
    const { acknowledge, frames } = setUp(4)
    acknowledge(2)
    gather()
    jest.runOnlyPendingTimers()
    acknowledge(1, 3, 4)
    gather()
    expect(frames).toEqual(['2', '..4'])
  })

  it('writes nothing twice when it is flushed again', () => {
    const { acknowledgements, acknowledge, frames } = setUp(2)
    acknowledge(2)
    acknowledgements.flush()
    acknowledgements.flush()
    expect(frames).toEqual(['2'])
  })

  it('forgets on a lost channel what waited for an older message', () => {
    const { acknowledgements, acknowledge, frames, out } = setUp(2)
    acknowledge(2)
    gather()
    out.clear()
    jest.runOnlyPendingTimers()
    acknowledgements.flush()
    expect(frames).toEqual([])
  })

  it('acknowledges exactly what it was told, in whatever order and turns', () => {
    const tags = Array.from({ length: 30 }, (_, index) => index + 1)
    const turns = fc.array(fc.subarray(tags), { maxLength: 8 })
    fc.assert(
      fc.property(turns, fc.infiniteStream(fc.boolean()), (groups, flips) => {
        const { acknowledgements, acknowledge, out } = setUp(tags.length)
        const told = new Set<number>()
        for (const group of groups) {
          const fresh = group.filter((tag) => !told.has(tag))
          if (flips.next().value) fresh.reverse()
          for (const tag of fresh) told.add(tag)
          acknowledge(...fresh)
          gather()
          expect([...out]).toEqual(expect.arrayContaining(tags.filter((tag) => !told.has(tag))))
        }
        acknowledgements.flush()
        expect([...out]).toEqual(tags.filter((tag) => !told.has(tag)))
      }),
    )
  })
})
