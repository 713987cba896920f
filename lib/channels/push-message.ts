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
  const { notificationId, address, title, text, short, link } = message
  const data = dataOf(message)
  if (!isWithinBytes({ title: '', body: '', data })) return undefined
  const shortTitle = cutToFit(title, (some) => isWithinBytes({ title: some, body: '', data }))
  const body = cutToFit(short ?? text.trim(), (some) =>
    isWithinBytes({ title: shortTitle, body: some, data }),
  )
  return {
    token: address,
    notification: { title: shortTitle, body },
    data,
    android: { notification: { tag: notificationId } },
    apns: { headers: { 'apns-collapse-id': notificationId } },
    // FCM refuses any other address. Apps open `data.link`: a click_action would name one of their screens.
    ...(link?.url.startsWith('https:') && { webpush: { fcm_options: { link: link.url } } }),
  }
}

/** Whether the whole text fits, for a message without a short line. */
export function fitsPush(message: ChannelMessage): boolean {
  const { title, text } = message
  return isWithinBytes({ title, body: text.trim(), data: dataOf(message) })
}

function isWithinBytes(payload: object): boolean {
  return Buffer.byteLength(JSON.stringify(payload)) <= maxBytes
}

/** Values must be strings: others are written as JSON. */
function dataOf(message: ChannelMessage): Record<string, string> {
  const { notificationId, eventType, eventId, customData, link } = message
  const custom = Object.entries(customData)
    .filter(([key, value]) => !isReservedKey(key) && value !== undefined)
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
  const own = { notificationId, eventType, eventId, ...(link && { link: link.url }) }
  return { ...Object.fromEntries(custom), ...own }
}
