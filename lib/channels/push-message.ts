import { cutToFit } from '../text.ts'
import type { ChannelMessage } from './channel.ts'

/**
 * Bytes of a message's payload, keys and values, that FCM and APNs take: 4096. What FCM itself puts
 * around them for APNs has to fit in, too.
 */
const mostBytes = 4000

/** Keys of data that FCM keeps for itself (reference of projects.messages, `data`). */
const reservedKey = /^(from|message_type|collapse_key|google|gcm)/

/**
 * The message of FCM's HTTP v1 for a notification. A device shows a second delivery in the place of
 * the first: Android by the tag, Apple's by the collapse id (at most 64 bytes, as our ids are).
 *
 * @returns undefined where the data alone is more than FCM takes
 */
export function pushMessage(message: ChannelMessage): object | undefined {
  const { notificationId, address, title, text } = message
  const data = dataOf(message)
  const fits = (body: string) =>
    Buffer.byteLength(JSON.stringify({ title, body, data })) <= mostBytes
  if (!fits('')) return undefined
  return {
    token: address,
    notification: { title, body: cutToFit(text.trim(), fits) },
    data,
    android: { notification: { tag: notificationId } },
    apns: { headers: { 'apns-collapse-id': notificationId } },
  }
}

/** Values are texts: what is none is written as JSON. */
function dataOf(message: ChannelMessage): Record<string, string> {
  const { notificationId, eventType, eventId, customData } = message
  const custom = Object.entries(customData)
    .filter(([key, value]) => !reservedKey.test(key) && value !== undefined)
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
  return { ...Object.fromEntries(custom), notificationId, eventType, eventId }
}
