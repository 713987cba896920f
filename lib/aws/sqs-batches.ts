/** SendMessageBatch takes 10 messages, together up to 1 MiB (SQS quotas, messages). */
const mostMessages = 10
const mostBytes = 1_048_576

/** The messages in their order, in batches that SendMessageBatch takes. */
export function batches<Message extends { readonly body: string }>(
  messages: readonly Message[],
): Message[][] {
  const all: Message[][] = []
  let bytes = 0
  for (const message of messages) {
    const size = Buffer.byteLength(message.body)
    const last = all.at(-1)
    if (last && last.length < mostMessages && bytes + size <= mostBytes) {
      last.push(message)
      bytes += size
    } else {
      all.push([message])
      bytes = size
    }
  }
  return all
}
