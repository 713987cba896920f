import type { SQSClient } from '@aws-sdk/client-sqs'
import { recordText, type SendRecord } from '../bridge/quarantine.ts'

/**
 * Sends quarantine records to an SQS queue; tenant and reason are attributes, to be seen at a glance.
 * Its client is loaded with the first record, so that no start of the bridge waits for it.
 */
export function createRecordSender(queueUrl: string, client?: SQSClient): SendRecord {
  let connected = client
  return async (record) => {
    const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs')
    connected ??= new SQSClient()
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
