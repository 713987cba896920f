import { type Command, Option } from 'commander'
import { Document, Scalar, visit } from 'yaml'
import { jsonOption } from './options.ts'
import { printable } from './printable.ts'
import { print } from './text.ts'

/** The formats of a list: a table for people, the others whole and for programs. */
export const formats = ['table', 'json', 'yaml'] as const

export interface OutputOptions {
  readonly output?: (typeof formats)[number]
}

/** `--output`, and `--json` as its short form. */
export function withOutput(command: Command): Command {
  return command
    .addOption(
      new Option('--output <format>', 'how to print the result').choices(formats).default('table'),
    )
    .addOption(jsonOption().implies({ output: 'json' }))
}

/**
 * Prints a result in the format that was asked for.
 *
 * @param text of the table
 */
export function printResult(
  { output = 'table' }: OutputOptions,
  result: unknown,
  text: () => string,
): void {
  if (output === 'table') print(text())
  else if (output === 'json') print(JSON.stringify(result))
  // `--watch` and `tail` print one after another: without the mark they would read as one.
  else print(`---\n${yamlOf(result)}`)
}

/** By way of JSON, so that both formats say the same, to parsers of YAML 1.1 too (`no`, `2026-01-01`). */
function yamlOf(result: unknown): string {
  const document = new Document(JSON.parse(JSON.stringify(result)), { compat: 'yaml-1.1' })
  visit(document, {
    Scalar(_, node) {
      // In quotes an escape for the terminal is the same value, as it is in JSON.
      const { value } = node
      const isEscaped = typeof value === 'string' && printable(value) !== value
      if (isEscaped) node.type = Scalar.QUOTE_DOUBLE
    },
  })
  return document.toString().trimEnd()
}
