import { SQSClient } from '@aws-sdk/client-sqs'
import { eventTypes } from '../../events/catalogue.ts'
import type { Kind } from '../../operations/dead-letter.ts'
import type { LetterBox } from '../../operations/letter-box.ts'
import { kebab } from '../../tenants/names.ts'
import { createClient } from '../client.ts'
import { startMoveTask } from './move-tasks.ts'
import { queueUrls } from './queue-urls.ts'
import { sendLetter, sqsLetterBox } from './sqs-letter-box.ts'

/** Puts a quarantined message back into the bridge's queue. */
export type SendToBridge = (body: string) => Promise<void>

export interface LetterBoxOptions {
  /** The start of the names of the cell's queues: `ecos-<cell>`. */
  readonly prefix: string
  readonly channels: readonly string[]
  readonly sendToBridge: SendToBridge
}

/** Every dead-letter queue of a cell, and its quarantine. */
export async function listLetterBoxes(
  { prefix, channels, sendToBridge }: LetterBoxOptions,
  client = createClient(SQSClient),
): Promise<LetterBox[]> {
  const urls = await queueUrls(client, `${prefix}-`)
  const boxes = [...urls].flatMap(([name, url]): LetterBox[] => {
    const short = name.slice(prefix.length + 1)
    if (short === 'quarantine') {
      return [sqsLetterBox(client, name, url, 'quarantined', ({ Body = '' }) => sendToBridge(Body))]
    }
    const kind = kindOf(short.replace(/-dlq$/, ''), channels)
    if (kind === undefined || !name.endsWith('-dlq')) return []
    const source = name.replace(/-dlq$/, '')
    const sourceUrl = urls.get(source)
    const box = sqsLetterBox(client, name, url, kind, (message) =>
      sendLetter(client, sourceUrl, message),
    )
    if (sourceUrl === undefined) return [box]
    return [{ ...box, startMove: (perSecond) => startMoveTask(client, url, sourceUrl, perSecond) }]
  })
  return boxes.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** @returns undefined for a queue of another cell: `ecos-main-…` is also how those of `main-eu` start */
function kindOf(source: string, channels: readonly string[]): Kind | undefined {
  if (channels.includes(source)) return 'notification'
  return eventTypes.some((type) => kebab(type) === source) ? 'event' : undefined
}
