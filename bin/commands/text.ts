import { language } from '../language.ts'
import { say } from '../say.ts'
import { oneLine, printable } from './printable.ts'

/** Prints a result to standard output. No other file of bin/ writes to the terminal. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`)
}

/** Prints a remark or an error to standard error. */
export function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`)
}

/** Characters of a short id, unless it takes more to tell the ids of a list apart. */
const shortLength = 8

/** By id its first characters, which options take in its place: as many as tell the ids of a list apart. */
export function shortIds(ids: Iterable<string>): (id: string) => string {
  const all = [...new Set(ids)]
  let length = shortLength
  while (new Set(all.map((id) => id.slice(0, length))).size < all.length) length += 1
  return (id) => id.slice(0, length)
}

/** Empties the screen of a terminal. */
export function clearScreen(): void {
  if (process.stdout.isTTY) process.stdout.write('\u001b[H\u001b[2J\u001b[3J')
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** `3 hours ago` */
export function agoText(time: Date, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - time.getTime()) / 1000))
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ['second', 1]
  const format = new Intl.RelativeTimeFormat(language(), { numeric: 'always' })
  return format.format(-Math.floor(seconds / size), unit)
}

export interface Progress {
  show(done: number, seen: number): void
  end(): void
}

export function progress(what: string): Progress {
  const { show, end } = statusLine()
  return {
    show: (done, seen) => show(say('{what}: {done} of {seen} seen', { what, done, seen })),
    end,
  }
}

/** A line that changes in place on a terminal; elsewhere it prints nothing. */
export function statusLine(): { show(text: string): void; end(): void } {
  if (!process.stderr.isTTY) return { show() {}, end() {} }
  return {
    show: (text) => void process.stderr.write(`\r${oneLine(text)}\u001b[K`),
    end: () => void process.stderr.write('\r\u001b[K'),
  }
}
