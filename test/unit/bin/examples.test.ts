import { expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { examples } from '../../../bin/examples.ts'
import { ownExamples, pathOf } from '../../../bin/help.ts'
import { commandsOf, createProgram } from '../../../bin/program.ts'
import { leaves, words } from '../../support/command-lines.ts'

/** A program that parses and does nothing. */
async function parser(): Promise<Command> {
  const program = await createProgram()
  for (const command of commandsOf(program)) {
    command.exitOverride().configureOutput({ writeErr() {}, writeOut() {} })
    const hooks = command as unknown as { _lifeCycleHooks: object }
    hooks._lifeCycleHooks = {}
    if (command.commands.length === 0) command.action(() => undefined)
  }
  return program
}

it('every command has an example, and there is none of a command that is gone', () => {
  expect(Object.keys(examples).toSorted()).toEqual(leaves.map(pathOf).toSorted())
})

it.each(leaves.flatMap((leaf) => ownExamples(leaf).map((line) => [line, leaf] as const)))(
  '"%s" can be parsed, and is in the help of its command',
  async (line, leaf) => {
    expect(line.startsWith(pathOf(leaf))).toBe(true)
    await (await parser()).parseAsync(words(line), { from: 'user' })
    let help = ''
    const writeOut = (text: string) => {
      help += text
    }
    leaf.configureOutput({ writeOut }).outputHelp()
    expect(help).toContain(`  ecos-eventbridge ${line}`)
  },
)

it('a line of another command can not be parsed: the check is one', async () => {
  await expect(
    (await parser()).parseAsync(words('dlq list --nonsense'), { from: 'user' }),
  ).rejects.toMatchObject({ code: 'commander.unknownOption' })
})
