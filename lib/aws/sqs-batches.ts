/** SendMessageBatch accepts 10 messages of up to 1 MiB in total (SQS quotas, messages). */
const maxMessages = 10
const maxBytes = 1_048_576

/** The messages in order, in batches that SendMessageBatch accepts. */
export function batches<Message extends { readonly body: string }>(
  messages: readonly Message[],
): Message[][] {
  const filled: Message[][] = []
  let bytes = 0
  for (const message of messages) {
    const size = Buffer.byteLength(message.body)
    const last = filled.at(-1)
    if (last && last.length < maxMessages && bytes + size <= maxBytes) {
      last.push(message)
      bytes += size
    } else {
      filled.push([message])
      bytes = size
    }
  }
  return filled
}
