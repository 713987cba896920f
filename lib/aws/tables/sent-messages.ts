import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import {
  encodeQueued,
  parseQueued,
  type QueuedNotification,
} from '../../notifications/notification.ts'
import type { SentMessages } from '../../notifications/sent-messages.ts'
import { deduplicationSeconds, type NotificationKey } from '../../notifications/store.ts'
import { escapeTenant } from '../../tenant-name.ts'
import type { Key } from './notification-keys.ts'

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** Bytes of a compressed message: an item has up to 400 KB (DynamoDB quotas). */
const maxBytes = 380_000

/** A mail takes a millisecond; the best compression would take thirty. */
const params = { [constants.BROTLI_PARAM_QUALITY]: 6 }

/** The start of the partition keys. Senders may put no other items into the table. */
export const sentPrefix = 'sent#'

/**
 * Messages in the notifications table, compressed: a mail takes two units of writing. Each has a
 * partition of its own, so that the query of an event's story does not read them.
 */
export function createSentMessages(
  TableName: string,
  client: DynamoDBDocumentClient,
): SentMessages {
  return {
    async keep(queued) {
      const whole = await packed(queued)
      const fitting = whole.byteLength > maxBytes ? await packed(withoutExtras(queued)) : whole
      const expiresAt = Math.floor(Date.now() / 1000) + deduplicationSeconds
      const Item = { ...keyOf(queued), message: fitting, expiresAt }
      await client.send(new PutCommand({ TableName, Item }))
    },

    async find(notification) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(notification) }))
      if (Item === undefined) return undefined
      return parseQueued((await decompress(Item['message'])).toString())
    },
  }
}

function keyOf({
  tenant,
  notificationId,
}: Pick<NotificationKey, 'tenant' | 'notificationId'>): Key {
  return { event: `${sentPrefix}${escapeTenant(tenant)}#${notificationId}`, entry: 'message' }
}

function packed(queued: QueuedNotification): Promise<Buffer> {
  return compress(encodeQueued(queued), { params })
}

/** Custom data may be of any size; the texts are bounded. */
function withoutExtras(queued: QueuedNotification): QueuedNotification {
  return { ...queued, html: '', customData: {} }
}
