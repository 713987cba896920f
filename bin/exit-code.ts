import type { ErrorCode } from '../lib/error-codes.ts'
import { EcosError } from '../lib/errors.ts'

/** The exit codes of every command. Nothing found is `done`; an unknown tenant or cell is `failed`. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  /** The command worked, and found something that a person has to look at. */
  needsHand: 3,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** Options that do not fit, alone or together: the command line is wrong, and nothing was done. */
const usageCodes: readonly ErrorCode[] = [
  'ambiguous-id',
  'bad-window',
  'half-a-place',
  'invalid-action',
  'invalid-listener',
  'invalid-person',
  'no-event',
  'nobody-named',
  'not-asked',
]

/** A check that worked, and found faults. */
const findingCodes: readonly ErrorCode[] = ['invalid-templates']

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof EcosError)) return exitCode.failed
  if (usageCodes.includes(error.code)) return exitCode.usage
  return findingCodes.includes(error.code) ? exitCode.needsHand : exitCode.failed
}
