import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { jsonOption } from './options.ts'
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
  // By way of JSON, so that both formats say the same.
  else print(stringify(JSON.parse(JSON.stringify(result))).trimEnd())
}
