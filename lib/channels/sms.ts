import { cutToFit } from '../text.ts'
import type { Channel, Delivery } from './channel.ts'

/** Hands one text to a provider. Never throws for what the provider answers. */
export type SendSms = (number: string, text: string) => Promise<Delivery>

/** E.164: a plus and up to 15 digits. */
const number = /^\+[1-9]\d{6,14}$/

/**
 * The characters of the GSM alphabet that count as one (3GPP TS 23.038, 6.2.1). Those of its
 * extension count as two; any other makes the whole text UCS-2.
 */
const gsm = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΔΦΓΛΩΠΨΣΘΞ]*$/
const gsmExtension = /[\f^{}\\[~\]|€]/g

/** Septets or UTF-16 units that a text has when it is one part, and in each of several. */
const partSizes = { gsm: [160, 153], ucs2: [70, 67] } as const

/**
 * Sends each notification to a mobile number: its title and, as far as it fits, its text.
 *
 * @param mostParts parts of a text at most, each of which costs what a message costs
 */
export function createSmsChannel(mostParts: number, send: SendSms): Channel {
  return {
    async deliver({ address, title, text }) {
      if (!number.test(address)) return { outcome: 'permanent', reason: 'invalid number' }
      const whole = `${title}\n${text.trim()}`.trim()
      return send(
        address,
        cutToFit(whole, (some) => smsParts(some) <= mostParts),
      )
    },
  }
}

/** How many parts a text is sent in. */
export function smsParts(text: string): number {
  const plain = text.replace(gsmExtension, '')
  const isGsm = gsm.test(plain)
  const length = isGsm ? text.length + (text.length - plain.length) : text.length
  const [alone, inSeveral] = partSizes[isGsm ? 'gsm' : 'ucs2']
  return length <= alone ? 1 : Math.ceil(length / inSeveral)
}
