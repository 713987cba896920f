import { cutToFit } from '../text.ts'
import { checkAddress, undeliverable } from './addresses/address.ts'
import type { Channel, Delivery } from './channel.ts'

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
 * Sends each notification to a mobile number: its title, and as much of its text as fits.
 *
 * @param maxParts the most parts of one text; each costs as much as a message
 */
export function createSmsChannel(maxParts: number, send: SendSms): Channel {
  return {
    async deliver({ address, title, text }) {
      const checked = checkAddress('sms', address)
      if ('problem' in checked) return undeliverable(checked.problem)
      const whole = smsText(title, text)
      return send(
        checked.address,
        cutToFit(
          whole,
          (some) => smsParts(some) <= maxParts,
          // The one character would make the whole text UCS-2, of which less than half fits.
          isGsmText(whole) ? '...' : '…',
        ),
      )
    },
  }
}

/** A notification's whole text, of any length. */
export function smsText(title: string, text: string): string {
  return `${title}\n${text.trim()}`.trim()
}

/**
 * The number of parts in which a text is sent. An escape sequence or a surrogate pair that does not fit
 * into the rest of a part begins the next one, as carriers do.
 */
export function smsParts(text: string): number {
  const isGsm = isGsmText(text)
  const [alone, inSeveral] = partSizes[isGsm ? 'gsm' : 'ucs2']
  const lengths = Array.from(text, (character) =>
    isGsm ? (gsmExtension.test(character) ? 2 : 1) : character.length,
  )
  if (lengths.reduce((sum, length) => sum + length, 0) <= alone) return 1
  let [parts, filled] = [1, 0]
  for (const length of lengths) {
    if (filled + length > inSeveral) {
      parts += 1
      filled = 0
    }
    filled += length
  }
  return parts
}

function isGsmText(text: string): boolean {
  return Array.from(text).every((one) => gsm.test(one) || gsmExtension.test(one))
}
