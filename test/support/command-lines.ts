import type { Command } from 'commander'
import { ownExamples } from '../../bin/help.ts'
import { commandsOf, createProgram } from '../../bin/program.ts'

/** Every command that does something, as it is called in its help. */
export const leaves = commandsOf(await createProgram()).filter(
  ({ commands }) => commands.length === 0,
)

/** The words of a line as a shell reads them. */
export function words(line: string): string[] {
  const [command = ''] = line.split(' > ')
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

export function firstExample(command: Command): string[] {
  return words(ownExamples(command)[0] ?? '')
}

export function hasOption(command: Command, long: string): boolean {
  return command.options.some((option) => option.long === long)
}
