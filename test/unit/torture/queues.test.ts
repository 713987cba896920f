import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { expect, it } from '@jest/globals'
import { takeAll } from '../../../torture/ledger/queues.ts'

/** A queue of two messages, one of them invisible until it has been asked for so often. */
function queueWithHidden(asksUntilSeen: number) {
  let asked = 0
  const left = new Set(['seen', 'hidden'])
  const isVisible = (id: string) => id === 'seen' || asked > asksUntilSeen
  const answer = async (command: { readonly input: object }) => {
    if (command instanceof ReceiveMessageCommand) {
      asked += 1
      const Messages = [...left]
        .filter(isVisible)
        .map((id) => ({ MessageId: id, ReceiptHandle: id }))
      return { Messages }
    }
    if (command instanceof DeleteMessageBatchCommand) {
      for (const { ReceiptHandle = '' } of command.input.Entries ?? []) left.delete(ReceiptHandle)
    }
    if (command instanceof GetQueueAttributesCommand) {
      return { Attributes: { ApproximateNumberOfMessagesNotVisible: String(left.size) } }
    }
    return {}
  }
  return { send: answer } as unknown as SQSClient
}

const taken = async (asksUntilSeen: number, patience: number) =>
  (await takeAll(queueWithHidden(asksUntilSeen), 'q', patience, 1)).map(
    ({ MessageId }) => MessageId,
  )

it('what a killed command had received is taken when it comes back', async () => {
  expect(await taken(20, 1_000)).toEqual(['seen', 'hidden'])
})

it('what never comes back is given up', async () => {
  expect(await taken(Number.POSITIVE_INFINITY, 10)).toEqual(['seen'])
})
