import { EventEmitter } from 'node:events'
import { expect, it, jest } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { createBacklogConsumers } from '../../../lib/amqp/backlog-connection.ts'
import type { Consumers } from '../../../lib/amqp/consumers.ts'
import type { BridgeQueue } from '../../../lib/bridge/bridge-queue.ts'

const queue = { name: 'tenant.acme.eventbridge' } as BridgeQueue
const handlers = { onMessage: () => undefined, onGone: () => undefined }

function start(connect: () => Promise<ChannelModel>) {
  const fallback = { consume: jest.fn(async () => ({ cancel: async () => undefined })) }
  const lose = jest.fn()
  const opened = jest.fn(connect)
  const backlogs = createBacklogConsumers(opened, fallback as Partial<Consumers> as Consumers, lose)
  return { fallback, lose, opened, backlogs }
}

it('a backlog takes the connection of all where no second one can be opened, which is tried once', async () => {
  const { backlogs, fallback, opened } = start(async () => {
    throw new Error('connection limit (10) is reached')
  })
  await backlogs.consume(queue, 100, handlers)
  await backlogs.consume(queue, 200, handlers)
  expect(fallback.consume.mock.calls).toEqual([
    [queue, 100, handlers],
    [queue, 200, handlers],
  ])
  expect(opened).toHaveBeenCalledTimes(1)
  await backlogs.stop()
  await backlogs.close()
})

it('no second connection is opened where there is no backlog', async () => {
  const { backlogs, opened } = start(async () => new EventEmitter() as unknown as ChannelModel)
  await backlogs.stop()
  await backlogs.close()
  expect(opened).not.toHaveBeenCalled()
})

it('the end of the second connection is a loss', async () => {
  const connection = Object.assign(new EventEmitter(), {
    createChannel: async () => {
      throw new Error('the connection is closing')
    },
  })
  const { backlogs, lose } = start(async () => connection as unknown as ChannelModel)
  await expect(backlogs.consume(queue, 100, handlers)).rejects.toThrow('closing')
  connection.emit('close', new Error('CONNECTION_FORCED'))
  expect(lose).toHaveBeenCalledWith(new Error('CONNECTION_FORCED'))
})
