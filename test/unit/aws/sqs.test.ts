import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from '@jest/globals'
import { createQueues } from '../../../lib/aws/sqs.ts'

type Failed = { Id: string; SenderFault: boolean; Code: string }

/** A queue whose calls answer with those failures, one list a call; and what each call sent. */
function queueThatFails(...answers: Failed[][]) {
  const calls: unknown[][] = []
  const client = {
    async send({ input }: SendMessageBatchCommand) {
      calls.push((input.Entries ?? []).map((entry) => [entry.MessageBody, entry.MessageGroupId]))
      return { Failed: answers.shift() ?? [] }
    },
  }
  return { calls, queue: createQueues(client as unknown as SQSClient)('url') }
}

const messages = ['a', 'b', 'c'].map((body) => ({ body, group: 'acme' }))
const throttled = (Id: string) => ({ Id, SenderFault: false, Code: 'ServiceUnavailable' })

describe('a call that succeeds in part', () => {
  it('is repeated for the messages that failed, and for them alone', async () => {
    const { calls, queue } = queueThatFails([throttled('0'), throttled('2')], [throttled('1')])
    await queue.sendAll(messages)
    expect(calls).toEqual([
      [
        ['a', 'acme'],
        ['b', 'acme'],
        ['c', 'acme'],
      ],
      [
        ['a', 'acme'],
        ['c', 'acme'],
      ],
      [['c', 'acme']],
    ])
  })

  it('is given up after a bounded number of tries', async () => {
    const { calls, queue } = queueThatFails(...Array.from({ length: 9 }, () => [throttled('0')]))
    await expect(queue.sendAll(messages)).rejects.toMatchObject({
      code: 'queue-failed',
      retryable: true,
    })
    expect(calls).toHaveLength(5)
  })

  it('is given up at once where a message is refused for itself', async () => {
    const refused = { Id: '1', SenderFault: true, Code: 'InvalidMessageContents' }
    const { calls, queue } = queueThatFails([refused])
    await expect(queue.sendAll(messages)).rejects.toMatchObject({
      code: 'queue-refused',
      message: 'The queue url refused a message: InvalidMessageContents',
    })
    expect(calls).toHaveLength(1)
  })
})

describe('messages that are sent at the same moment', () => {
  /** A queue that refuses a call for its content while it has the message `bad`. */
  function queueThatRefuses() {
    const calls: string[][] = []
    const client = {
      async send({ input }: SendMessageBatchCommand) {
        const bodies = (input.Entries ?? []).map(({ MessageBody }) => String(MessageBody))
        calls.push(bodies)
        if (!bodies.includes('bad')) return {}
        throw Object.assign(new Error('refused'), { name: 'InvalidMessageContents', $metadata: {} })
      },
    }
    return { calls, queues: createQueues(client as unknown as SQSClient) }
  }
  const message = (body: string) => ({ body, group: 'acme' })

  it('share calls, ten in each, by queue', async () => {
    const { calls, queues } = queueThatRefuses()
    const senders = Array.from({ length: 6 }, (_, at) => [`${at}a`, `${at}b`])
    await Promise.all([
      ...senders.map((bodies) => queues('one').sendAll(bodies.map(message))),
      queues('other').sendAll([message('x')]),
    ])
    expect(calls.map(({ length }) => length).toSorted()).toEqual([1, 10, 2])
    expect(calls.flat().toSorted()).toEqual([...senders.flat(), 'x'].toSorted())
  })

  it('do not fail with one whose content is refused', async () => {
    const { calls, queues } = queueThatRefuses()
    const sent = ['a', 'bad', 'b'].map((body) => queues('one').sendAll([message(body)]))
    const outcomes = await Promise.allSettled(sent)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: { name: 'InvalidMessageContents' } })
    expect(calls).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']])
  })

  it('do not wait for the call of others', async () => {
    const held = Promise.withResolvers<object>()
    const client = {
      send: async ({ input }: SendMessageBatchCommand) =>
        input.Entries?.[0]?.MessageBody === 'slow' ? held.promise : {},
    }
    const queue = createQueues(client as unknown as SQSClient)('url')
    const slow = queue.sendAll(Array.from({ length: 10 }, () => message('slow')))
    await queue.sendAll([message('a')])
    held.resolve({})
    await slow
  })

  it('do not fail with one that can not be encoded', async () => {
    const client = {
      async send({ input }: SendMessageBatchCommand) {
        if (input.Entries?.some(({ MessageBody }) => MessageBody === 'bad'))
          throw new TypeError('?')
        return {}
      },
    }
    const queue = createQueues(client as unknown as SQSClient)('url')
    const sent = ['a', 'bad', 'b'].map((body) => queue.sendAll([message(body)]))
    const outcomes = await Promise.allSettled(sent)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('do not fail with one that SQS refuses in its answer', async () => {
    const { queue } = queueThatFails([{ Id: '0', SenderFault: true, Code: 'InvalidAttributeName' }])
    const outcomes = await Promise.allSettled(
      ['a', 'b'].map((body) => queue.sendAll([message(body)])),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })
})
