import { describe, expect, it } from '@jest/globals'
import { declareTopology } from '../../../lib/amqp/declare.ts'
import { brokerLetters } from '../../../lib/amqp/letter-boxes.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import type { LetterBox, TakenLetter } from '../../../lib/operations/letter-box.ts'
import {
  acme,
  connectAgain,
  connectEach,
  connection,
  own,
  pooled,
  queueOf,
  server,
} from '../../support/amqp-server/connected.ts'

connectEach()

/** A declared queue, whose letters these messages are; `bodies` are those of messages that were rejected. */
async function boxOf(topology: typeof own, ...bodies: string[]) {
  await declareTopology(await connection.createChannel(), topology)
  for (const body of bodies) {
    publish(body, { exchange: topology.exchange })
    const queue = server.model.queues.get(topology.queue)
    const message = queue?.get()
    if (message) queue?.reject(message)
  }
  const letters = brokerLetters(connection)
  const box = (await letters.box(queueOf(topology))) as LetterBox
  return { letters, box }
}

function publish(body: string, { exchange = '', routingKey = 'task.create', properties = {} }) {
  server.model.publish({ exchange, routingKey, properties, content: Buffer.from(body) })
}

async function all(box: LetterBox, limit = 100, signal?: AbortSignal): Promise<TakenLetter[]> {
  const taken: TakenLetter[] = []
  for await (const letter of box.take(limit, signal)) taken.push(letter)
  return taken
}

const letters = () => server.model.bodies(own.deadLetterQueue)
const event = JSON.stringify({ data: { type: 'task.create', id: '7' } })

describe('the letters of a queue', () => {
  it('are nowhere where the queue is not', async () => {
    expect(await brokerLetters(connection).box(queueOf(own))).toBeUndefined()
  })

  it('are in its dead-letter queue, each taken once, in order', async () => {
    const { box } = await boxOf(own, '1', '2', '3')
    expect(box).toMatchObject({ name: own.deadLetterQueue, kind: 'message' })
    expect(await box.depth()).toBe(3)
    expect((await all(box, 2)).map(({ body }) => body)).toEqual(['1', '2'])
    expect(letters()).toEqual(['3'])
    expect((await all(box)).map(({ body }) => body)).toEqual(['3'])
  })

  it('are taken no more once nobody waits for them', async () => {
    const { box } = await boxOf(own, '1', '2', '3')
    expect(await all(box, 100, AbortSignal.abort())).toEqual([])
    const end = new AbortController()
    const taken: string[] = []
    for await (const { body } of box.take(100, end.signal)) {
      taken.push(body)
      end.abort()
    }
    expect(taken).toEqual(['1'])
    expect(letters()).toEqual(['2', '3'])
  })

  it('are there again when they are released, and gone when they are removed', async () => {
    const { box } = await boxOf(own, '1', '2')
    const [first, second] = await all(box)
    const done = Promise.all([server.next('BasicNack'), server.next('BasicAck')])
    await first?.release()
    await second?.remove()
    await done
    expect(letters()).toEqual(['1'])
    await connection.close()
    expect(letters()).toEqual(['1'])
  })

  it('are released one by one, and those taken before stay taken', async () => {
    const { box } = await boxOf(own, '1', '2')
    const [, second] = await all(box)
    const done = server.next('BasicNack')
    await second?.release()
    await done
    expect(letters()).toEqual(['2'])
  })

  it('say what they are, whose, why and since when', async () => {
    const { box } = await boxOf(own, event)
    const [letter] = await all(box)
    expect(letter).toMatchObject({
      ...{ queue: own.deadLetterQueue, kind: 'message', tenant: 'acme', type: 'task.create' },
      ...{ eventId: '7', reason: 'rejected', body: event },
    })
    const [stored] = server.model.queues.get(own.deadLetterQueue)?.ready() ?? []
    expect(stored).toBeUndefined()
    const seconds = Number(letter?.sentAt) / 1000
    expect(Number.isInteger(seconds) && seconds > 1_700_000_000).toBe(true)
  })

  it('are of the type of their routing key, where their body is none', async () => {
    const { box } = await boxOf(own, 'no JSON')
    publish('no JSON', { routingKey: own.deadLetterQueue })
    const [died, sent] = await all(box)
    expect(died).toMatchObject({ type: 'task.create' })
    // That one has never died: nothing is known of it.
    expect(sent).toMatchObject({ tenant: 'acme', sentAt: new Date(0) })
    expect([sent?.type, sent?.reason]).toEqual([undefined, undefined])
  })

  it('are known by the id that their publisher gave, or else by their content', async () => {
    const { box } = await boxOf(own)
    publish('{}', { routingKey: own.deadLetterQueue, properties: { messageId: 'm1' } })
    publish('{}', { routingKey: own.deadLetterQueue })
    expect((await all(box)).map(({ messageId }) => messageId)).toEqual([
      'm1',
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    ])
  })
})

describe('a letter that is sent back', () => {
  it.each([
    ['a queue of its own', own],
    ['a pool', pooled],
  ])('comes to %s as it was first published', async (_, topology) => {
    server.version = '4.0.5'
    await connectAgain()
    const { box } = await boxOf(topology)
    const headers = { note: 'kept' }
    const properties = { headers, contentType: 'text/plain', userId: 'bridge', expiration: '9' }
    publish(event, { exchange: own.exchange, properties })
    const queue = server.model.queues.get(topology.queue)
    const message = queue?.get()
    if (message) queue?.reject(message)
    const [letter] = await all(box)
    await letter?.sendBack()
    const [back] = queue?.ready() ?? []
    expect(back).toMatchObject({ exchange: own.entrance, routingKey: 'task.create' })
    expect(back?.properties).toMatchObject({ contentType: 'text/plain', headers, deliveryMode: 2 })
    expect(back?.properties['headers']).toEqual(headers)
    expect(back?.properties['expiration']).toBeUndefined()
    expect(String(back?.content)).toBe(event)
    // It stays until it is removed.
    await connection.close()
    expect(server.model.bodies(topology.deadLetterQueue)).toEqual([event])
  })

  it('that came through no named exchange has no routing key', async () => {
    const { box } = await boxOf(own)
    publish('1', { routingKey: own.queue })
    const queue = server.model.queues.get(own.queue)
    const message = queue?.get()
    if (message) queue?.reject(message)
    const [letter] = await all(box)
    await letter?.sendBack()
    expect(queue?.ready()).toMatchObject([{ exchange: own.entrance, routingKey: '' }])
  })

  it('is not kept where its entrance leads to no queue, until it does', async () => {
    const { box } = await boxOf(own, '1')
    const [letter] = await all(box)
    const binding = { source: own.entrance, kind: 'queue', to: own.queue, key: '' } as const
    server.model.unbind(binding)
    await expect(letter?.sendBack()).rejects.toMatchObject({
      code: 'not-kept',
      message: `The exchange ${own.entrance} of the broker did not take a message: it leads to no queue`,
      retryable: true,
    })
    server.model.bind(binding)
    await letter?.sendBack()
    expect(server.model.bodies(own.queue)).toEqual(['1'])
  })

  it('is not kept where the broker says so', async () => {
    const { box } = await boxOf(own, '1')
    const [letter] = await all(box)
    server.isKept = () => false
    await expect(letter?.sendBack()).rejects.toMatchObject({
      code: 'not-kept',
      message: expect.stringMatching(/^The exchange .* did not take a message: (?!it leads)/),
      retryable: true,
    })
  })

  it('is not kept where its entrance is gone, which costs the others nothing', async () => {
    const { letters: broker, box } = await boxOf(own, '1')
    const [letter] = await all(box)
    server.model.deleteExchange(own.entrance)
    await expect(letter?.sendBack()).rejects.toMatchObject({ code: 'not-kept', retryable: true })
    await declareTopology(await connection.createChannel(), own)
    // Its channel is lost, and so the letter is there again: on another channel all goes on.
    const [again] = await all(box)
    await again?.sendBack()
    const returnable = { entrance: own.entrance, routingKey: '', properties: {} }
    await broker.sendTo({ ...returnable, body: Buffer.from('2') })
    expect(server.model.bodies(own.queue)).toEqual(['1', '2'])
    const opened = server.calls.filter(({ method }) => method === 'ConfirmSelect')
    expect(opened).toHaveLength(2)
  })

  it('of a tenant that is none here waits for it', async () => {
    const gone = topologyOf({ ...acme, id: 'gone', pool: 'p03' })
    server.version = '4.0.5'
    await connectAgain()
    const { box } = await boxOf(pooled)
    await boxOf(gone, '1')
    const [letter] = await all(box)
    expect(letter?.tenant).toBe('-')
    await expect(letter?.sendBack()).rejects.toMatchObject({
      code: 'unknown-tenant',
      message: expect.stringMatching(
        /^The message in cell\.main\.p03\.eventbridge\.dead-letter came through the exchange "tenant\.gone\.events", which is that of no tenant/,
      ),
    })
  })

  it.each([
    ['4.0.5', 'has no header x-death of the broker'],
    ['10.1.0', 'has no header x-death of the broker'],
    ['3.13.7', 'may have a header x-death that its publisher wrote'],
  ])('of whom nothing is told stays: on RabbitMQ %s it %s', async (version, why) => {
    server.version = version
    await connectAgain()
    const { box } = await boxOf(pooled)
    publish('1', { routingKey: pooled.deadLetterQueue })
    const [letter] = await all(box)
    expect(letter?.tenant).toBe('-')
    await expect(letter?.sendBack()).rejects.toMatchObject({
      code: 'unknown-tenant',
      message: expect.stringContaining(why),
    })
    expect(server.model.bodies(pooled.queue)).toEqual([])
  })
})
