import { cutToFit } from '../text.ts'
import { checkAddress, undeliverable } from './addresses/address.ts'
import type { Channel, Delivery } from './channel.ts'

/** Sends one text through a provider. Never throws for a provider's answer. */
export type SendSms = (number: string, text: string) => Promise<Delivery>

/**
 * Characters of the GSM alphabet that count as one septet (3GPP TS 23.038, 6.2.1). Those of its
 * extension count as two; any other character makes the whole text UCS-2.
 */
const gsm = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΔΦΓΛΩΠΨΣΘΞ]*$/
const gsmExtension = /[\f^{}\\[~\]|€]/g

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
        cutToFit(whole, (some) => smsParts(some) <= maxParts),
      )
    },
  }
}

/** A notification's whole text, of any length. */
export function smsText(title: string, text: string): string {
  return `${title}\n${text.trim()}`.trim()
}

/** The number of parts in which a text is sent. */
export function smsParts(text: string): number {
  const plain = text.replace(gsmExtension, '')
  const isGsm = gsm.test(plain)
  const length = isGsm ? text.length + (text.length - plain.length) : text.length
  const [alone, inSeveral] = partSizes[isGsm ? 'gsm' : 'ucs2']
  return length <= alone ? 1 : Math.ceil(length / inSeveral)
}
