import { cut } from '../text.ts'
import type { ChannelMessage } from './channel.ts'

/** UTF-16 code units of a message without markup (Bot API, sendMessage and Formatting options). */
const longestText = 4096

/** Between the title and the text. */
const gap = '\n\n'

/** A message in the Bot API's HTML: the title in bold, then as much of the text as fits. */
export function telegramText(title: string, text: string): string {
  const rest = cut(text.trim(), longestText - title.length - gap.length)
  return `<b>${escaped(title)}</b>${gap}${escaped(rest)}`
}

/** Whether the whole text fits. */
export function fitsTelegram(title: string, text: string): boolean {
  return title.length + gap.length + text.trim().length <= longestText
}

/** Escapes the characters that the Bot API's HTML reserves. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The fields of the Bot API's `sendMessage`, beside the chat. */
export interface TelegramMessage {
  readonly text: string
  readonly parse_mode: string
  readonly link_preview_options: { readonly is_disabled: true }
  readonly reply_markup?: {
    readonly inline_keyboard: readonly (readonly {
      readonly text: string
      readonly url: string
    }[])[]
  }
}

/** Telegram refuses a whole message for a button whose address has no public host. */
const buttonHost = /^(?=.*[a-z])([a-z0-9-]+\.)+[a-z0-9-]{2,}$/i

/** The fields of `sendMessage` for a message: its link is a button, or a line where it can be no button. */
export function telegramMessage({ title, text, link }: ChannelMessage): TelegramMessage {
  const common = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const
  if (link === undefined) return { text: telegramText(title, text), ...common }
  const button = { text: link.label, url: link.url }
  return buttonHost.test(new URL(link.url).hostname)
    ? {
        text: telegramText(title, text),
        ...common,
        reply_markup: { inline_keyboard: [[button]] },
      }
    : { text: telegramText(title, withLine(text, `${link.label}: ${link.url}`, title)), ...common }
}

/** The text with a line below that is never cut. */
function withLine(text: string, line: string, title: string): string {
  const room = longestText - title.length - 2 * gap.length - line.length
  return `${cut(text.trim(), Math.max(0, room))}${gap}${line}`
}
