import type { ErrorCode } from '../lib/error-codes.ts'
import { EcosError, messageOf } from '../lib/errors.ts'
import { fill, type Values } from '../lib/fill.ts'
import { ownValue } from '../lib/own-value.ts'
import { language } from './language.ts'
import { descriptions } from './russian/descriptions.ts'
import { errorCodes } from './russian/error-codes.ts'
import { faults } from './russian/faults.ts'
import { heads } from './russian/heads.ts'
import { expectedInTemplate, importProblems } from './russian/import-problems.ts'
import { library } from './russian/library.ts'
import { options } from './russian/options.ts'
import { results } from './russian/results.ts'

const said = { ...results, ...faults }
const all: Readonly<Record<string, string>> = {
  ...descriptions,
  ...options,
  ...said,
  ...heads,
  ...library,
  ...importProblems,
  ...expectedInTemplate,
}

type Said = keyof typeof said

/** The names of the values that a text takes. */
type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** The values of a text that takes some, and what may follow them. */
type ValuesOf<Text extends string, More extends readonly unknown[] = []> = [NamesIn<Text>] extends [
  never,
]
  ? []
  : [values: Readonly<Record<NamesIn<Text>, string | number>>, ...More]
/** A text in the language of the command line, with its values. */
export function say<Text extends Said>(english: Text, ...values: ValuesOf<Text>): string {
  return fill(translated(english), values[0])
}

/** A text of help or of `lib/`, or the head of a column, in the language of the command line; an unknown one stays. */
export function translated(english: string): string {
  return language() === 'en' ? english : (ownValue(all, english) ?? english)
}

/** Help below the options, in the language at the time when it is shown. */
export function below(english: string, russian: string, values?: Values): () => string {
  return () => fill(language() === 'en' ? english : russian, values)
}

/** Errors whose message is in the language of the command line. */
const ours = new WeakSet<Error>()

/** An error of a command itself, in the language of the command line; a cause may follow the values. */
export function fault<Text extends Said>(
  code: ErrorCode,
  english: Text,
  ...[values, cause]: ValuesOf<Text, [cause?: unknown]>
): EcosError {
  const error = new EcosError(code, fill(translated(english), values), { cause })
  ours.add(error)
  return error
}

/** An error for people. The messages of `lib/` are in English: in Russian their code's meaning goes before. */
export function errorText(error: unknown): string {
  const message = messageOf(error)
  if (language() === 'en' || (error instanceof Error && ours.has(error))) return message
  if (!(error instanceof EcosError)) return `Непредвиденная ошибка:\n  ${message}`
  return `${errorCodes[error.code]} (${error.code}):\n  ${message.replaceAll('\n', '\n  ')}`
}
