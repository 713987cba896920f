import { type CheckedAddress, oneAddressOnly } from './checked.ts'

/** The Bot API's `chat_id`: an id of at most 52 bits, negative for a group, or the name of a public chat. */
const id = /^-?[1-9]\d{0,15}$/
const publicName = /^@[A-Za-z][A-Za-z0-9_]{3,31}$/

const whatToWrite = "write the chat's numeric id, or @name for a public channel or group"

/** A chat. A bot can write to a person by numeric id alone, so a link to a name is refused. */
export function telegramChat(text: string): CheckedAddress {
  if (publicName.test(text)) return { address: text }
  if (id.test(text) && Number.isSafeInteger(Number(text))) return { address: text }
  if (/[\s,;]/.test(text)) return oneAddressOnly
  if (/^(https?:|tg:|t\.me|telegram\.)/i.test(text)) {
    return { problem: `is a link: ${whatToWrite}` }
  }
  if (/^(tel:\s*)?\+\d/i.test(text)) return { problem: `is a telephone number: ${whatToWrite}` }
  return { problem: `is not a chat: ${whatToWrite}` }
}
