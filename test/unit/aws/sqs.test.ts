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
