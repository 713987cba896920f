import { hanging } from './hanging.ts'
import type { Progress, Step } from './progress.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 80
const QUICK_MS = 1_000

export type Terminal = {
  onProgress: Progress
  /** Writes lines above the running steps; one that is too long goes on below, indented. */
  print(text: string, indent?: number): void
  /** Removes the running steps from the screen. */
  close(): void
}

type Running = { since: number; announced?: NodeJS.Timeout }

/** Shows parallel steps: as live lines on a terminal, elsewhere as plain lines. */
export function createTerminal(stream: NodeJS.WriteStream = process.stdout): Terminal {
  const paint = painter(stream)
  const running = new Map<string, Running>()
  const live = stream.isTTY ? liveLines(stream, paint, running) : undefined
  const print = (text: string, indent?: number) => {
    const shown = hanging(text, stream.isTTY ? stream.columns : undefined, indent)
    if (live) live.print(shown)
    else stream.write(`${shown}\n`)
  }

  const onProgress = (step: Step) => {
    const known = running.get(step.name)
    if (step.state === 'start') {
      // Without a terminal, only a slow step gets a line before its end.
      const announce = () => print(`… ${step.name}`)
      const announced = live ? undefined : setTimeout(announce, QUICK_MS).unref()
      running.set(step.name, { since: Date.now(), ...(announced && { announced }) })
      live?.draw()
      return
    }
    clearTimeout(known?.announced)
    running.delete(step.name)
    print(endLine(step, known ? Date.now() - known.since : 0, paint))
  }
  return { onProgress, print, close: () => live?.close() }
}

function endLine({ name, state, detail }: Step, elapsedMs: number, paint: Painter): string {
  const mark = state === 'done' ? paint('32', '✔') : paint('31', '✘')
  const seconds = paint('2', `(${(elapsedMs / 1000).toFixed(1)} s)`)
  return [`${mark} ${name}`, detail, seconds].filter((part) => part !== undefined).join('  ')
}

type Painter = (code: string, text: string) => string

/** Colours text by SGR code on a terminal, unless NO_COLOR is set (no-color.org). */
function painter(stream: NodeJS.WriteStream): Painter {
  const coloured = stream.isTTY && !process.env['NO_COLOR']
  return (code, text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text)
}

function liveLines(stream: NodeJS.WriteStream, paint: Painter, running: Map<string, Running>) {
  let drawn = 0
  let timer: NodeJS.Timeout | undefined

  const erase = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[J`)
    drawn = 0
  }
  const lineOf = ([name, { since }]: [string, Running]) => {
    const now = Date.now()
    const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length] ?? ''
    const seconds = `(${Math.floor((now - since) / 1000)} s)`
    // Cut the line: a wrapped one would be two lines to erase.
    const shown = name.slice(0, Math.max(0, stream.columns - seconds.length - 5))
    return `${paint('36', frame)} ${shown}  ${paint('2', seconds)}\n`
  }
  const close = () => {
    clearInterval(timer)
    timer = undefined
    erase()
  }
  const draw = () => {
    erase()
    if (running.size === 0) return close()
    timer ??= setInterval(draw, FRAME_MS).unref()
    stream.write([...running].map(lineOf).join(''))
    drawn = running.size
  }
  const print = (text: string) => {
    erase()
    stream.write(`${text}\n`)
    draw()
  }
  return { draw, print, close }
}
