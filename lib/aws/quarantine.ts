import type { SQSClient } from '@aws-sdk/client-sqs'
import { recordText, type SendRecord } from '../bridge/quarantine.ts'
import { createClient } from './client.ts'

/**
 * Sends quarantine records to an SQS queue, with tenant and reason as message attributes. The SDK is
 * loaded with the first record, so that a cold start does not wait for it.
 */
export function createRecordSender(queueUrl: string, client?: SQSClient): SendRecord {
  let connected = client
  return async (record) => {
    const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs')
    connected ??= createClient(SQSClient)
    const text = (value: string) => ({ DataType: 'String', StringValue: value })
    await connected.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: recordText(record),
        MessageAttributes: { tenant: text(record.tenant), reason: text(record.reason) },
      }),
    )
  }
}
