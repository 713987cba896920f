import { html } from 'hono/html'

export type Html = ReturnType<typeof html>

const links = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/

/** Text with its addresses as links, as phones show them. */
export function linked(text: string): Html {
  const parts = text.split(links)
  return html`${parts.map((part, index) => (index % 2 === 1 ? link(part, part) : part))}`
}

/** A link where the address is one of the web, otherwise the label with the address as text. */
export function link(url: string, label: string, name = ''): Html {
  if (!/^https?:\/\//i.test(url)) return html`<span class="${name}">${label} (${url})</span>`
  return html`<a class="${name}" href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>`
}

/** The text of Telegram's HTML and of Slack's markup, which escape these three characters alone. */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** `14:05:09`, with the whole time for programs. */
export function clock(at: Date, language: string): Html {
  const shown = at.toLocaleTimeString(language === 'en' ? 'en-GB' : language)
  return html`<time datetime="${at.toISOString()}">${shown}</time>`
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs
const maxIndent = 20

/** JSON with a field a line. Nothing is parsed, so every number and every escape stays as it came. */
export function indentedJson(json: string): string {
  let depth = 0
  let text = ''
  let before = ''
  const newLine = () => `\n${'  '.repeat(Math.min(depth, maxIndent))}`
  for (const [part] of json.matchAll(token)) {
    const isEmpty = /^[}\]]$/.test(part) && /^[{[]$/.test(before)
    if (part === '}' || part === ']') {
      depth -= 1
      if (!isEmpty) text += newLine()
    } else if (before === '{' || before === '[' || before === ',') text += newLine()
    if (part === '{' || part === '[') depth += 1
    text += part === ':' ? ': ' : part
    before = part
  }
  return text
}
