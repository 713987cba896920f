import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SendRecord } from '../bridge/quarantine.ts'

/** Sends quarantine records to an SQS queue; tenant and reason are attributes, to be seen at a glance. */
export function createRecordSender(queueUrl: string, client = new SQSClient()): SendRecord {
  return async (record) => {
    const text = (value: string) => ({ DataType: 'String', StringValue: value })
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(record),
        MessageAttributes: { tenant: text(record.tenant), reason: text(record.reason) },
      }),
    )
  }
}
