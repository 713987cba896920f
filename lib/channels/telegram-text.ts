import { cut } from '../text.ts'

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
