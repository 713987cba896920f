import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import type { Channel, ChannelModel } from 'amqplib'
import { createChannelCall } from '../../../lib/amqp/channel-call.ts'
import { createChannelPool } from '../../../lib/amqp/channel-pool.ts'
import { countConsumers } from '../../../lib/amqp/count-consumers.ts'
import { ifThere, replyCode } from '../../../lib/amqp/reply-code.ts'
import { EcosError } from '../../../lib/errors.ts'

/** As amqplib reports that the broker closed the channel. */
const refusal = (code: number) => Object.assign(new Error(`Channel closed: ${code}`), { code })

/** A connection whose channels are closed by the call that the broker refuses, as RabbitMQ closes them. */
function connectionOf(consumers: Readonly<Record<string, number>> = {}) {
  const channels: FakeChannel[] = []
  class FakeChannel extends EventEmitter {
    isOpen = true
    async close() {
      if (!this.isOpen) throw new Error('the channel is closed already')
      this.isOpen = false
    }
    refuse(code: number): never {
      this.isOpen = false
      // An 'error' that nobody listens to ends the process.
      if (this.listenerCount('error') === 0) throw new Error('the process ended')
      this.emit('error', refusal(code))
      throw refusal(code)
    }
    async checkQueue(queue: string) {
      const consumerCount = consumers[queue] ?? this.refuse(404)
      return { queue, messageCount: 0, consumerCount }
    }
  }
  const connection = {
    async createChannel() {
      const channel = new FakeChannel()
      channels.push(channel)
      return channel
    },
  } as unknown as ChannelModel
  const refuse = (code: number) => async (channel: Channel) =>
    (channel as unknown as FakeChannel).refuse(code)
  return {
    connection,
    channels,
    refuse,
    open: () => channels.filter(({ isOpen }) => isOpen).length,
  }
}

describe('a call on a channel of its own', () => {
  it('resolves to its result, and leaves no channel open', async () => {
    const { connection, open } = connectionOf()
    const call = createChannelCall(connection)
    expect(await call('answer', undefined, async () => 42)).toBe(42)
    expect(open()).toBe(0)
  })

  it('says what the broker did not do, and why', async () => {
    const { connection, refuse } = connectionOf()
    const call = createChannelCall(connection)
    await expect(call('delete the queue a', 404, refuse(406))).rejects.toMatchObject({
      code: 'broker-refused',
      message: 'RabbitMQ did not delete the queue a: Channel closed: 406',
      cause: { code: 406 },
    })
  })

  it('finds nothing where the reply code says that it is not there, and only where that is asked for', async () => {
    const { connection, refuse } = connectionOf()
    const call = createChannelCall(connection)
    expect(await call('find it', 404, refuse(404))).toBeUndefined()
    const failure = { code: 'broker-refused' }
    await expect(call('find it', undefined, refuse(404))).rejects.toMatchObject(failure)
    const unrelated = async () => Promise.reject(new Error('a fault of ours'))
    await expect(call('find it', 404, unrelated)).rejects.toMatchObject(failure)
    await expect(call('find it', undefined, unrelated)).rejects.toMatchObject(failure)
  })

  it('keeps an error that is more exact already', async () => {
    const exact = new EcosError('queue-in-use', 'test')
    const call = createChannelCall(connectionOf().connection)
    await expect(call('delete it', 404, async () => Promise.reject(exact))).rejects.toBe(exact)
  })

  it('fails the same way where there is no channel at all', async () => {
    const connection = { createChannel: async () => Promise.reject(new Error('no room')) }
    const call = createChannelCall(connection as unknown as ChannelModel)
    await expect(call('count', 404, async () => 1)).rejects.toMatchObject({
      code: 'broker-refused',
      message: 'RabbitMQ did not count: no room',
    })
  })
})

describe('a pool of channels', () => {
  it('uses a channel again, and never one that the broker has closed', async () => {
    const { connection, channels, refuse } = connectionOf()
    const onChannel = createChannelPool(connection)
    const used = async () => onChannel(async (channel) => channel)
    const first = await used()
    expect(await used()).toBe(first)
    await expect(onChannel(refuse(406))).rejects.toMatchObject({ code: 406 })
    expect(await used()).not.toBe(first)
    expect(channels).toHaveLength(2)
  })

  it('has a channel for each call under way, up to 16', async () => {
    const { connection, channels } = connectionOf()
    const onChannel = createChannelPool(connection)
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const calls = Array.from({ length: 40 }, () =>
      onChannel(async (channel) => {
        await end
        return channel
      }),
    )
    resolve()
    expect(new Set((await Promise.all(calls)).slice(0, 16)).size).toBe(16)
    expect(channels).toHaveLength(16)
  })
})

describe('consumers', () => {
  it('are counted over the queues that exist', async () => {
    const { connection, open } = connectionOf({ a: 2, b: 0, c: 3 })
    expect(await countConsumers(connection, ['a', 'gone', 'b', 'c'])).toBe(5)
    expect(await countConsumers(connection, ['b'])).toBe(0)
    expect(await countConsumers(connection, ['gone'])).toBeUndefined()
    expect(open()).toBe(0)
  })
})

describe('a reply code', () => {
  it('is a number of an error: Node.js has texts there', () => {
    expect(replyCode(refusal(405))).toBe(405)
    const others = [
      Object.assign(new Error('x'), { code: 'ECONNRESET' }),
      new Error('x'),
      404,
      null,
    ]
    expect(others.map(replyCode)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('that is not 404 says nothing of whether something exists', async () => {
    expect(await ifThere(Promise.resolve(0))).toBe(0)
    expect(await ifThere(Promise.reject(refusal(404)))).toBeUndefined()
    await expect(ifThere(Promise.reject(refusal(403)))).rejects.toMatchObject({ code: 403 })
  })
})
