import { oneLine, printable } from './printable.ts'

/** Prints a result to standard output. No other file of bin/ writes to the terminal. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`)
}

/** Prints a remark or an error to standard error. */
export function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`)
}

/** Columns as wide as their cells, each cell in one line. A terminal cuts the lines at its edge. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string {
  const all = [head, ...rows].map((row) => row.map(oneLine))
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  return all
    .map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .join('\n')
}

/** The first characters of an id, which options take in its place. */
export function shortId(id: string): string {
  return id.slice(0, 8)
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
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
  return format.format(-Math.floor(seconds / size), unit)
}

export interface Progress {
  show(done: number, seen: number): void
  end(): void
}

export function progress(what: string): Progress {
  const { show, end } = statusLine()
  return { show: (done, seen) => show(`${what}: ${done} of ${seen} seen`), end }
}

/** A line that changes in place on a terminal; elsewhere it prints nothing. */
export function statusLine(): { show(text: string): void; end(): void } {
  if (!process.stderr.isTTY) return { show() {}, end() {} }
  return {
    show: (text) => void process.stderr.write(`\r${oneLine(text)}\u001b[K`),
    end: () => void process.stderr.write('\r\u001b[K'),
  }
}
