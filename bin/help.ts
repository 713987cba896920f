import { type Command, Help } from 'commander'
import { ownValue } from '../lib/own-value.ts'
import { examples } from './examples.ts'
import { language } from './language.ts'
import { russianMessage, russianRemarks, russianTitle } from './russian/commander.ts'
import { say, translated } from './say.ts'

export const programName = 'ecos-eventbridge'

/** Puts a command's help, and commander's own messages, into the language of the command line. */
export function speakHelp(command: Command): void {
  command.description(translated(command.description()))
  for (const part of [...command.options, ...command.registeredArguments]) {
    part.description = translated(part.description)
  }
  const help = translated('display help for command')
  command.helpOption('-h, --help', help)
  if (command.commands.length > 0) command.helpCommand('help [command]', help)
  const isRussian = language() === 'ru'
  command.configureOutput({
    outputError: (message, write) => write(isRussian ? russianMessage(message) : message),
  })
  const { optionDescription, argumentDescription } = Help.prototype
  const remarked = isRussian ? russianRemarks : (text: string) => text
  command.configureHelp({
    styleTitle: isRussian ? russianTitle : (title) => title,
    argumentDescription: (argument) => remarked(argumentDescription.call(new Help(), argument)),
    // Commander's help does not tell options that a command needs from those that it takes.
    optionDescription: (option) =>
      `${remarked(optionDescription.call(new Help(), option))}${option.mandatory ? ` (${say('required')})` : ''}`,
  })
}

export function showExamples(command: Command): void {
  const own = ownExamples(command).map((example) => `  ${programName} ${example}`)
  if (own.length === 0) return
  const title = say(own.length > 1 ? 'Examples:' : 'Example:')
  command.addHelpText('after', `\n${title}\n${own.join('\n')}`)
}

/** How the command is typically called, without the program's name. */
export function ownExamples(command: Command): readonly string[] {
  return ownValue(examples, pathOf(command)) ?? []
}

/** `dlq list`; empty for the program itself. */
export function pathOf(command: Command): string {
  const path = command.parent ? pathOf(command.parent) : ''
  return command.parent ? `${path} ${command.name()}`.trim() : path
}
