import { cut } from '../../lib/text.ts'
import { language } from '../language.ts'
import type { heads } from '../russian/heads.ts'
import { say, translated } from '../say.ts'
import { oneLine, printable } from './printable.ts'

/** Prints a result to standard output. No other file of bin/ writes to the terminal. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`)
}

/** Prints a remark or an error to standard error. */
export function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`)
}

export type Head = keyof typeof heads

/** Narrower than this no column gets. */
const narrowest = 8

/**
 * Columns as wide as their cells, each cell in one line. Where a terminal is narrower, the widest columns are cut.
 *
 * @param width of the terminal; without one, nothing is cut
 */
export function table(
  head: readonly Head[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string {
  const all = [
    head.map((name) => translated(name).toUpperCase()),
    ...rows.map((row) => row.map(oneLine)),
  ]
  const widths = head.map((_, at) => longest(all.map((row) => row[at] ?? '')))
  narrow(widths, width)
  return all
    .map((row) => row.map((cell, at) => cut(cell, widths[at] ?? 0).padEnd(widths[at] ?? 0)))
    .map((cells) => `  ${cells.join('  ')}`.trimEnd())
    .join('\n')
}

/** A call with an argument for each of a hundred thousand rows would overflow the stack. */
function longest(cells: readonly string[]): number {
  return cells.reduce((length, cell) => Math.max(length, cell.length), 0)
}

/** Takes from the widest columns until a line fits. */
function narrow(widths: number[], width: number): void {
  const lineWidth = () => widths.reduce((sum, one) => sum + one + 2, 0)
  while (lineWidth() > width) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) return
    widths[widths.indexOf(widest)] = widest - 1
  }
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
