import { LiquidError } from 'liquidjs'
import { EcosError, messageOf } from '../../errors.ts'
import type { TemplateFiles } from './paths.ts'

/** A fault in a template and its place. Line and column count from 1. */
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
 * A LiquidJS error as faults. Its messages quote the template, and some also quote the values given to
 * a tag or a filter.
 *
 * @param file the rendered file; the fault may be in one of the `files` that it includes
 */
export function faultsOf(error: unknown, file: string, files: TemplateFiles): TemplateFault[] {
  // An exceeded limit has no place in the file.
  if (!isLiquidError(error)) return [{ file, line: 1, column: 1, problem: messageOf(error) }]
  const { token, originalError, message } = error
  const inner = error.errors ?? (isLiquidError(originalError) ? [originalError] : [])
  if (inner.length > 0) return inner.flatMap((one) => faultsOf(one, file, files))

  const [line = 1, column = 1] = token.getPosition()
  const problem = originalError?.message ?? message.replace(/(, file:.*)?, line:\d+, col:\d+$/, '')
  return [{ file: token.file ?? included(token.input, files) ?? file, line, column, problem }]
}

/** The error for an unknown name carries no file, but the whole text of the file. */
function included(text: string, files: TemplateFiles): string | undefined {
  return Object.keys(files).find((path) => files[path] === text)
}

/** Replaces a problem that quotes the event's data, which may be personal text. */
const unquoted = 'it can not be rendered with the data of this event'

/**
 * A template's failure. The message names only the first fault, and quotes nothing that is in the
 * event and not in the template.
 */
export class TemplateError extends EcosError {
  /** Complete, for the template's author. */
  readonly faults: readonly TemplateFault[]

  constructor(
    faults: readonly TemplateFault[],
    { files, model }: { readonly files: TemplateFiles; readonly model: object },
  ) {
    super('template-failed', faults.slice(0, 1).map(inLog).join())
    this.faults = faults

    function inLog(fault: TemplateFault): string {
      const own = wordsOf([fault.file, files[fault.file] ?? ''])
      const held = wordsOf(textsIn(model))
      const quotes = [...wordsOf([fault.problem])].some((word) => held.has(word) && !own.has(word))
      return faultLine(quotes ? { ...fault, problem: unquoted } : fault)
    }
  }
}

function wordsOf(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => text.match(/[\p{L}\p{N}]{2,}/gu) ?? []))
}

/** All texts in the model, at any depth. */
function textsIn(model: object): string[] {
  const texts: string[] = []
  JSON.stringify(model, (_, value) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  return texts
}

/** LiquidJS's types omit that one error may contain several. */
type AnyLiquidError = LiquidError & { readonly errors?: readonly LiquidError[] }

function isLiquidError(error: unknown): error is AnyLiquidError {
  return error instanceof Error && LiquidError.is(error)
}
