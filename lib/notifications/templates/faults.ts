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
 * A failure of LiquidJS as faults. Its messages quote the template, and some of them what a tag or a
 * filter was given.
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

/** In place of a problem that quotes what the event holds, which may be what a person wrote. */
const unquoted = 'it can not be rendered with what this event holds'

/**
 * What a template fails with. At run time the first fault is enough: the message tells that one, and
 * nothing that stands in the event and not in the template.
 */
export class TemplateError extends EcosError {
  /** In full, for the template's author. */
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

/** Every text in the model, however deep. */
function textsIn(model: object): string[] {
  const texts: string[] = []
  JSON.stringify(model, (_, value) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  return texts
}

/** Beside what LiquidJS's types say: several errors may stand in one. */
type AnyLiquidError = LiquidError & { readonly errors?: readonly LiquidError[] }

function isLiquidError(error: unknown): error is AnyLiquidError {
  return error instanceof Error && LiquidError.is(error)
}
