import { cutToFit } from '../text.ts'
import { checkAddress, undeliverable } from './addresses/address.ts'
import type { Channel, ChannelMessage, Delivery } from './channel.ts'

/** Sends one text through a provider. Never throws for a provider's answer. */
export type SendSms = (number: string, text: string) => Promise<Delivery>

/**
 * Characters of the GSM alphabet that count as one septet (3GPP TS 23.038, 6.2.1). Those of its
 * extension count as two; any other character makes the whole text UCS-2.
 */
const gsm = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΔΦΓΛΩΠΨΣΘΞ]$/
const gsmExtension = /^[\f^{}\\[~\]|€]$/

/** Septets or UTF-16 units in a single part, and in each of several parts. */
const partSizes = { gsm: [160, 153], ucs2: [70, 67] } as const

/**
 * Sends each notification to a mobile number, in few words.
 *
 * @param maxParts the most parts of one text; each costs as much as a message
 */
export function createSmsChannel(maxParts: number, send: SendSms): Channel {
  return {
    async deliver(message) {
      const checked = checkAddress('sms', message.address)
      if ('problem' in checked) return undeliverable(checked.problem)
      return send(checked.address, smsOf(message, maxParts))
    },
  }
}

/**
 * The text that is sent: of title, short line and link the most that is one part. A link that is too long
 * gives way to the web client's address. A title of several parts is cut, with the address below. Without
 * a short line, it is as much of title and text as fits.
 */
export function smsOf({ title, text, short, link }: ChannelMessage, maxParts: number): string {
  if (short === undefined) return cutToParts(smsText(title, text), maxParts)
  const { url, home, host } = link
    ? { ...link, host: new URL(link.home).host }
    : { url: '', home: '', host: '' }
  const forms = [[title, short, url], [title, short, home], [title, home], [title, host], [title]]
  const whole = forms.map(linesOf).find((form) => smsParts(form) === 1)
  if (whole !== undefined) return whole
  const cutTitle = cutToFit(
    title,
    (some) => smsParts(linesOf([some, home])) <= maxParts,
    ellipsisOf(title + home),
  )
  return linesOf([cutTitle, home])
}

function linesOf(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n')
}

function cutToParts(whole: string, maxParts: number): string {
  return cutToFit(whole, (some) => smsParts(some) <= maxParts, ellipsisOf(whole))
}

/** The one character would make the whole text UCS-2, of which less than half fits. */
function ellipsisOf(text: string): string {
  return isGsmText(text) ? '...' : '…'
}

/** A notification's whole text, of any length. */
export function smsText(title: string, text: string): string {
  return `${title}\n${text.trim()}`.trim()
}

/** The number of parts in which a text is sent. */
export function smsParts(text: string): number {
  return splitSms(text).length
}

/**
 * The parts in which a text is sent. An escape sequence or a surrogate pair that does not fit into the rest of a
 * part begins the next one, as carriers do.
 */
export function splitSms(text: string): string[] {
  const isGsm = isGsmText(text)
  const [alone, inSeveral] = partSizes[isGsm ? 'gsm' : 'ucs2']
  const characters = Array.from(text, (character) => ({
    character,
    length: isGsm ? (gsmExtension.test(character) ? 2 : 1) : character.length,
  }))
  if (characters.reduce((sum, { length }) => sum + length, 0) <= alone) return [text]
  const parts = ['']
  let filled = 0
  for (const { character, length } of characters) {
    if (filled + length > inSeveral) {
      parts.push('')
      filled = 0
    }
    parts[parts.length - 1] += character
    filled += length
  }
  return parts
}

/** Whether the GSM alphabet has every character of a text, so that more fit into a part. */
export function isGsmText(text: string): boolean {
  return Array.from(text).every((one) => gsm.test(one) || gsmExtension.test(one))
}
