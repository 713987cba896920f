import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { watchLoss } from '../../../lib/amqp/loss.ts'

function setUp(advice?: string) {
  const connection = new EventEmitter()
  const loss = watchLoss(connection as unknown as ChannelModel, advice)
  return { connection, loss }
}

describe('the loss of a connection', () => {
  it.each(['error', 'close'])('is told by its event %s, with the cause, and may pass', (event) => {
    const { connection, loss } = setUp(': look at the broker')
    expect(loss.lost.aborted).toBe(false)
    const cause = new Error('heartbeat timeout')
    connection.emit(event, cause)
    expect(loss.lost.reason).toMatchObject({
      code: 'broker-lost',
      message: 'The connection to RabbitMQ was lost: heartbeat timeout: look at the broker',
      retryable: true,
      cause,
    })
  })

  it('is one loss, with its first cause', () => {
    const { connection, loss } = setUp()
    connection.emit('error', new Error('first'))
    connection.emit('close', new Error('second'))
    expect(loss.lost.reason.message).toBe('The connection to RabbitMQ was lost: first')
  })

  it('has no cause where the broker gives none', () => {
    const { connection, loss } = setUp()
    connection.emit('close')
    expect(loss.lost.reason.message).toBe('The connection to RabbitMQ was lost')
  })

  it('is that of a channel that can not be replaced, too', () => {
    const { loss } = setUp()
    loss.lose(new Error('the channel is closed'))
    expect(loss.lost.aborted).toBe(true)
  })

  it('is none once the end is intended', () => {
    const { connection, loss } = setUp()
    loss.expectClose()
    connection.emit('close')
    loss.lose(new Error('late'))
    expect(loss.lost.aborted).toBe(false)
  })
})
