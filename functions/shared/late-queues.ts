import type { Queue } from '../../lib/aws/sqs.ts'
import { loadedOnce } from '../../lib/loaded-once.ts'
import type { QueuePorts } from '../../lib/queue-function/ports.ts'

const loaded = loadedOnce(async () => {
  const [{ createQueues }, { createDeadLetters }] = await Promise.all([
    import('../../lib/aws/sqs.ts'),
    import('../../lib/aws/dead-letters.ts'),
  ])
  return { queues: createQueues(), deadLetters: createDeadLetters }
})

/** Any queue by its URL. SQS's client is loaded with the first call: a cold start does not wait for it. */
export function lateQueues(url: string): Queue {
  const queue = async () => (await loaded()).queues(url)
  return {
    sendAll: async (messages) => (await queue()).sendAll(messages),
    postpone: async (receiptHandle, seconds) => (await queue()).postpone(receiptHandle, seconds),
  }
}

/** See createDeadLetters. */
export function lateDeadLetters(
  queueUrl: string,
  dlqUrl: string,
): NonNullable<QueuePorts['deadLetter']> {
  return async (letter) => (await loaded()).deadLetters(queueUrl, dlqUrl)(letter)
}
