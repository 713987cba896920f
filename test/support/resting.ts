import type { Message } from '@aws-sdk/client-sqs'
import { peek } from '../../local/demo/peek.ts'
import { eventually, runningStack } from './stack.ts'

/**
 * Waits until so many messages rest in a queue. They are gathered over several looks, as each look hides for a
 * moment what it has seen.
 *
 * @param isMeant by a message's body; all are by default
 * @returns those messages; more would be a mistake, too
 */
export async function resting(
  queueUrl: string | undefined,
  isMeant: (body: string) => boolean = () => true,
  count = 1,
): Promise<Message[]> {
  const { sqs } = runningStack().cloud
  const seen = new Map<string, Message>()
  await eventually(
    async () => {
      const messages = await peek(sqs, String(queueUrl))
      for (const message of messages.filter(({ Body = '' }) => isMeant(Body))) {
        seen.set(String(message.MessageId), message)
      }
      return seen.size
    },
    (size) => size >= count,
  )
  return [...seen.values()]
}
