import { paginateListQueues, type SQSClient } from '@aws-sdk/client-sqs'

/** The URLs of the queues whose names start with the prefix, by name. */
export async function queueUrls(
  client: SQSClient,
  QueueNamePrefix: string,
): Promise<Map<string, string>> {
  const urls: string[] = []
  // Without MaxResults SQS returns no NextToken after the first thousand (API reference, ListQueues).
  for await (const page of paginateListQueues({ client, pageSize: 1000 }, { QueueNamePrefix })) {
    urls.push(...(page.QueueUrls ?? []))
  }
  return new Map(urls.map((url) => [url.slice(url.lastIndexOf('/') + 1), url]))
}
