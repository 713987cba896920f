export type Sms = { PhoneNumber: string; Message: string }

/** Characters of MiniStack's page that are read: it keeps every text. */
const maxPage = 16 * 1024 * 1024

/** The texts to one number that were sent through MiniStack's SNS, oldest first. */
export async function readSms(awsEndpoint: string, number: string): Promise<Sms[]> {
  return (await readByNumber(awsEndpoint))[number] ?? []
}

/** The newest texts of each number, newest first, and how many were sent in all. MiniStack keeps no times. */
export async function readLatestSms(
  awsEndpoint: string,
  count: number,
): Promise<{ total: number; latest: Sms[] }> {
  const lists = Object.values(await readByNumber(awsEndpoint))
  const total = lists.reduce((sum, { length }) => sum + length, 0)
  const share = Math.max(1, Math.floor(count / Math.max(1, lists.length)))
  const latest = lists.flatMap((list) => list.slice(-share).toReversed())
  return { total, latest: latest.slice(0, count) }
}

async function readByNumber(awsEndpoint: string): Promise<Record<string, Sms[]>> {
  const url = `${awsEndpoint}/_ministack/sns/sms-messages`
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxPage) throw new Error(`${url} has more than ${maxPage} characters`)
  }
  return (JSON.parse(text) as { sms_messages: Record<string, Sms[]> }).sms_messages
}
