import { LiquidError } from 'liquidjs'
import { EcosError, messageOf } from '../../errors.ts'
import type { TemplateFiles } from './paths.ts'

/** What is wrong with a template, and where. Line and column count from 1. */
export interface TemplateFault {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly problem: string
}

/** `acme/task.create/any.ru.liquid:1:18: undefined variable: event.titel` */
export function faultLine({ file, line, column, problem }: TemplateFault): string {
  return `${file}:${line}:${column}: ${problem}`
}

/**
 * A failure of LiquidJS as faults. Its messages quote the template, and never what an event holds.
 *
 * @param file what was rendered; the fault may stand in one of the `files` that it includes
 */
export function faultsOf(error: unknown, file: string, files: TemplateFiles): TemplateFault[] {
  // A limit is passed by the whole, and not in a place.
  if (!isLiquidError(error)) return [{ file, line: 1, column: 1, problem: messageOf(error) }]
  const { token, originalError, message } = error
  const inner = error.errors ?? (isLiquidError(originalError) ? [originalError] : [])
  if (inner.length > 0) return inner.flatMap((one) => faultsOf(one, file, files))

  const [line = 1, column = 1] = token.getPosition()
  const problem = originalError?.message ?? message.replace(/(, file:.*)?, line:\d+, col:\d+$/, '')
  return [{ file: token.file ?? included(token.input, files) ?? file, line, column, problem }]
}

/** A name that is not known comes without its file, but with the whole text in which it stands. */
function included(text: string, files: TemplateFiles): string | undefined {
  return Object.keys(files).find((path) => files[path] === text)
}

/** What a template fails with. At run time the first fault is enough: the message tells that one. */
export class TemplateError extends EcosError {
  readonly faults: readonly TemplateFault[]

  constructor(faults: readonly TemplateFault[], cause: unknown) {
    super('template-failed', faults.slice(0, 1).map(faultLine).join(), { cause })
    this.faults = faults
  }
}

/** Beside what LiquidJS's types say: several errors may stand in one. */
type AnyLiquidError = LiquidError & { readonly errors?: readonly LiquidError[] }

function isLiquidError(error: unknown): error is AnyLiquidError {
  return error instanceof Error && LiquidError.is(error)
}
