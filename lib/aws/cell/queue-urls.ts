import { paginateListQueues, type SQSClient } from '@aws-sdk/client-sqs'

/** The addresses of the queues whose names start so, by their names. */
export async function queueUrls(
  client: SQSClient,
  QueueNamePrefix: string,
): Promise<Map<string, string>> {
  const urls: string[] = []
  // Without a page size SQS says nothing of what is beyond the first thousand (API reference, ListQueues).
  for await (const page of paginateListQueues({ client, pageSize: 1000 }, { QueueNamePrefix })) {
    urls.push(...(page.QueueUrls ?? []))
  }
  return new Map(urls.map((url) => [url.slice(url.lastIndexOf('/') + 1), url]))
}
