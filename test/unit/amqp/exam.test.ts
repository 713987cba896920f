import { describe, expect, it } from '@jest/globals'
import { declareTopology } from '../../../lib/amqp/declare.ts'
import { createExam } from '../../../lib/amqp/exam.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import {
  acme,
  connectEach,
  connection,
  own,
  pooled,
  server,
} from '../../support/amqp-server/connected.ts'
import { accessRefused } from '../../support/amqp-server/refusal.ts'

connectEach()

const exam = () => createExam(connection)
const declare = async (topology: typeof own) =>
  declareTopology(await connection.createChannel(), topology)

/** All that there is at the broker. */
const state = () => ({
  exchanges: [...server.model.exchanges],
  queues: [...server.model.queues.keys()],
  bindings: [...server.model.bindings],
})

/** An examination, which must leave everything as it was, and no channel open. */
async function examined<Answer>(examine: () => Promise<Answer>): Promise<Answer> {
  const before = state()
  const openChannels = () => {
    const of = (name: string) => server.calls.filter(({ method }) => method === name).length
    return of('ChannelOpen') - of('ChannelClose')
  }
  const open = openChannels()
  const answer = await examine()
  expect(state()).toEqual(before)
  if (answer === 'same' || answer === true) expect(openChannels()).toBe(open)
  return answer
}

describe('the exam of a broker', () => {
  it('knows its version', () => {
    expect(exam().version).toBe('3.10.8')
  })

  it('knows whether the exchange of ECOS is there', async () => {
    expect(await examined(() => exam().hasExchange(own))).toBe(false)
    await declare(own)
    expect(await examined(() => exam().hasExchange(own))).toBe(true)
  })

  it.each([
    ['its own queue', own],
    ['a pool', pooled],
  ])('finds the way to %s as it would be declared', async (_, topology) => {
    await declare(topology)
    expect(await examined(() => exam().compareQueues(topology))).toBe('same')
  })

  it.each([own.queue, own.deadLetterQueue])('finds that %s is not there', async (queue) => {
    await declare(own)
    server.model.deleteQueue(queue)
    expect(await examined(() => exam().compareQueues(own))).toBe('absent')
  })

  it('finds that the queue of the bypass is not there', async () => {
    await declare(pooled)
    server.model.deleteQueue(pooled.bypass?.queue as string)
    expect(await examined(() => exam().compareQueues(pooled))).toBe('absent')
  })

  it('finds that the entrance is not there, and does not declare it', async () => {
    await declare(own)
    server.model.deleteExchange(own.entrance)
    expect(await examined(() => exam().compareQueues(own))).toBe('absent')
  })

  it.each([own.queue, own.deadLetterQueue])('finds that %s has other arguments', async (queue) => {
    await declare(own)
    server.model.deleteQueue(queue)
    const { args: _, ...options } = { durable: true, autoDelete: false, args: {} }
    server.model.declareQueue(queue, { ...options, args: { 'x-queue-type': 'quorum' } })
    expect(await examined(() => exam().compareQueues(own))).toBe('differs')
  })

  it("finds that the tenant's events go to another queue", async () => {
    const other = topologyOf({ ...acme, id: 'other', pool: 'p03' })
    await declare(other)
    await declare(own)
    expect(await examined(() => exam().compareQueues(pooled))).toBe('elsewhere')
  })

  it('says nothing of what it is not permitted to see', async () => {
    await declare(own)
    server.before = ({ method, fields }) => {
      if (method === 'ExchangeDeclare' && fields['passive']) throw accessRefused('exchange')
    }
    await expect(exam().hasExchange(own)).rejects.toMatchObject({ code: 403 })
    await expect(exam().compareQueues(own)).rejects.toMatchObject({ code: 403 })
  })
})
