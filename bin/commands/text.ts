/** What the commands print: results to standard output, progress and notes to standard error. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Columns as wide as they need to be; the last is cut at the terminal's edge. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  return all
    .map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
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

/** A line that changes, where a person watches; nothing else. */
export function statusLine(): { show(text: string): void; end(): void } {
  if (!process.stderr.isTTY) return { show() {}, end() {} }
  return {
    show: (text) => void process.stderr.write(`\r${text}\u001b[K`),
    end: () => void process.stderr.write('\r\u001b[K'),
  }
}
