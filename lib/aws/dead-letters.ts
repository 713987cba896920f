import { DeleteMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { QueuePorts } from '../queue-function/ports.ts'
import { cut } from '../text.ts'
import { createClient } from './client.ts'

/** Characters of the reason, which counts towards the message's 1 MiB. */
const maxReason = 1000

/**
 * Moves messages to the dead-letter queue before SQS would: sent there with the attributes
 * `ECOS_ERROR_CODE` and `ECOS_ERROR_MESSAGE`, then deleted at once. Otherwise the message would come
 * again, and be dead-lettered twice, if its batch failed afterwards.
 */
export function createDeadLetters(
  queueUrl: string,
  dlqUrl: string,
  client = createClient(SQSClient),
): NonNullable<QueuePorts['deadLetter']> {
  return async ({ body, receiptHandle, group, failure }) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: dlqUrl,
        MessageBody: body,
        MessageGroupId: group,
        MessageAttributes: {
          ECOS_ERROR_CODE: text(failure.code),
          ECOS_ERROR_MESSAGE: text(failure.reason),
        },
      }),
    )
    const receipt = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle }
    // Lambda deletes the message too, as it reports success.
    await client.send(new DeleteMessageCommand(receipt)).catch(() => undefined)
  }
}

/** SQS takes the characters of XML 1.0, and no empty value. */
function text(value: string) {
  const allowed = value.toWellFormed().replace(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, ' ')
  return { DataType: 'String', StringValue: cut(allowed, maxReason) || '-' }
}
