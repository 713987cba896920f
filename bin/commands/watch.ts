import { type Command, Option } from 'commander'
import { pause } from '../../lib/waiting.ts'
import { stopSignal } from '../stop-signal.ts'
import { count } from './count.ts'
import { clearScreen } from './text.ts'

export interface WatchOptions {
  readonly watch?: number | true
}

/** Seconds between two looks. */
const usual = 5

/** `--watch`, for a list. */
export function withWatch(command: Command): Command {
  return command.addOption(
    new Option(
      '--watch [seconds]',
      `look again every so many seconds until Ctrl-C (${usual} if none are given)`,
    ).argParser(count),
  )
}

/** Aborts at Ctrl-C, and once nobody reads what is printed, as in `tail | head`. */
export function watchSignal(): AbortSignal {
  const closed = new AbortController()
  process.stdout.once('error', () => closed.abort())
  return AbortSignal.any([stopSignal(), closed.signal])
}

/** Lists once or, with `--watch`, again and again: in place on a terminal, elsewhere one below the other. */
export async function listed({ watch }: WatchOptions, list: () => Promise<void>): Promise<void> {
  if (watch === undefined) return list()
  const signal = watchSignal()
  const seconds = watch === true ? usual : watch
  while (!signal.aborted) {
    clearScreen()
    await list()
    await pause(seconds * 1000, signal)
  }
}
