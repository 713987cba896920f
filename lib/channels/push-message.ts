import { cutToFit } from '../text.ts'
import type { ChannelMessage } from './channel.ts'
import { isReservedKey } from './reserved-keys.ts'

/** FCM and APNs take a payload of 4096 bytes, keys and values; the rest is for what FCM adds for APNs. */
const maxBytes = 4000

/**
 * A notification as a message of FCM's HTTP v1 API. On a device a repeated delivery replaces the first:
 * by the tag on Android, by the collapse id (at most 64 bytes, like our ids) on Apple's.
 *
 * @returns undefined if the data alone exceeds the limit
 */
export function pushMessage(message: ChannelMessage): object | undefined {
  const { notificationId, address, title, text } = message
  const data = dataOf(message)
  if (!isWithinBytes({ title: '', body: '', data })) return undefined
  const shortTitle = cutToFit(title, (some) => isWithinBytes({ title: some, body: '', data }))
  const body = cutToFit(text.trim(), (some) =>
    isWithinBytes({ title: shortTitle, body: some, data }),
  )
  return {
    token: address,
    notification: { title: shortTitle, body },
    data,
    android: { notification: { tag: notificationId } },
    apns: { headers: { 'apns-collapse-id': notificationId } },
  }
}

/** Whether the whole text fits. */
export function fitsPush(message: ChannelMessage): boolean {
  const { title, text } = message
  return isWithinBytes({ title, body: text.trim(), data: dataOf(message) })
}

function isWithinBytes(payload: object): boolean {
  return Buffer.byteLength(JSON.stringify(payload)) <= maxBytes
}

/** Values must be strings: others are written as JSON. */
function dataOf(message: ChannelMessage): Record<string, string> {
  const { notificationId, eventType, eventId, customData } = message
  const custom = Object.entries(customData)
    .filter(([key, value]) => !isReservedKey(key) && value !== undefined)
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
  return { ...Object.fromEntries(custom), notificationId, eventType, eventId }
}
