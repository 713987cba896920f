import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { describe, expect, it } from '@jest/globals'
import { sqsLetterBox } from '../../../../lib/aws/cell/sqs-letter-box.ts'

/** A queue that answers each receive with these messages in turn, and says so many are visible. */
function queue(receives: readonly string[][], visible: number) {
  const answers = [...receives]
  const released: (string | undefined)[] = []
  let asked = 0
  const send = async (command: { readonly input: object }) => {
    if (command instanceof GetQueueAttributesCommand) {
      const { AttributeNames = [] } = command.input
      const of = AttributeNames.map((name) => [
        name,
        name === 'ApproximateNumberOfMessages' ? String(visible) : '7',
      ])
      return { Attributes: Object.fromEntries(of) }
    }
    if (command instanceof ReceiveMessageCommand) {
      asked += 1
      const ids = answers.shift() ?? []
      return { Messages: ids.map((id) => ({ MessageId: id, ReceiptHandle: id, Body: '{}' })) }
    }
    if (command instanceof ChangeMessageVisibilityCommand) {
      released.push(command.input.ReceiptHandle)
    }
    return {}
  }
  const client = { send } as unknown as SQSClient
  const box = sqsLetterBox(client, 'ecos-main-x-dlq', 'http://sqs/x', 'event', async () => {})
  const take = async (limit = Number.POSITIVE_INFINITY) => {
    const ids: string[] = []
    for await (const { messageId } of box.take(limit)) ids.push(messageId)
    return ids
  }
  return { box, take, released, asked: () => asked }
}

describe('the messages of a queue', () => {
  it('are taken once each, until a receive is empty and SQS counts none', async () => {
    const { take, asked } = queue([['a', 'b'], ['b', 'c'], []], 0)
    expect(await take()).toEqual(['a', 'b', 'c'])
    expect(asked()).toBe(3)
  })

  it('are asked for again where a receive is empty although SQS counts some', async () => {
    const { take, asked } = queue([['a'], [], ['b'], [], []], 1)
    expect(await take()).toEqual(['a', 'b'])
    expect(asked()).toBe(5)
  })

  it('are those up to the limit', async () => {
    const { take, asked } = queue([['a', 'b'], ['c']], 1)
    expect(await take(2)).toEqual(['a', 'b'])
    expect(asked()).toBe(1)
  })

  it('are counted with those that another reader has taken', async () => {
    expect(await queue([], 3).box.depth()).toBe(10)
  })
})
