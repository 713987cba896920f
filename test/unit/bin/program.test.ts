import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { commandsOf, createProgram } from '../../../bin/program.ts'

const commands = commandsOf(await createProgram())
const leaves = commands.filter((command) => command.commands.length === 0)

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bin/ecos-eventbridge.mjs', ...args], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

describe('the command', () => {
  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    ['brigde', 'bridge'],
    ['brigde --help', 'bridge'],
    ['dlq lst --help', 'list'],
    ['help brigde', 'bridge'],
    ['dlq help lst', 'list'],
  ])('refuses "%s", and suggests %s', async (line, suggested) => {
    const { code, stdout, stderr } = await run(...line.split(' '))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`(Did you mean ${suggested}?)`)
  })

  it('ends with 2 where an option is wrong, and with 0 where help is asked for', async () => {
    expect((await run('dlq', 'list', '--nope')).code).toBe(2)
    expect((await run('dlq', 'list', '--help')).code).toBe(0)
    expect((await run('help', 'dlq')).code).toBe(0)
    expect((await run('help')).code).toBe(0)
  })
})

it.each(commands.map((command) => [pathOf(command), command] as const))(
  '%s --help explains every option',
  (path, command) => {
    expect(command.description()).not.toBe('')
    expect(command.helpInformation()).toMatch(new RegExp(`^Usage: ${path} `))
    const unexplained = command.options.filter(({ description }) => !description)
    expect(unexplained.map(({ flags }) => flags)).toEqual([])
  },
)

it("README.md's table has every command, and no other", () => {
  const rows = readFileSync('README.md', 'utf8').matchAll(/^\| `npx (ecos-eventbridge [^`]+)`/gm)
  const listed = [...rows].flatMap(([, usage = '']) => expand(usage))
  expect(listed.toSorted()).toEqual(leaves.map(pathOf).toSorted())
})

/** `a b\|c --option` stands for `a b` and `a c`. */
function expand(usage: string): string[] {
  const words = usage.split(' ').filter((word) => /^[a-z]/.test(word))
  return words.reduce<string[]>(
    (paths, word) =>
      word.split('\\|').flatMap((name) => paths.map((path) => `${path} ${name}`.trim())),
    [''],
  )
}

it('the docs name commands and options that there are', () => {
  const wrong: string[] = []
  for (const file of ['README.md', ...globSync('{docs,examples}/**/*.md')]) {
    const text = readFileSync(file, 'utf8').replaceAll(/\\\n\s*/g, '')
    for (const [line = ''] of text.matchAll(/(?<=(?:npx |^|`))ecos-eventbridge [a-z][^`\n]*/gm)) {
      const command = commandOf(line)
      const known = commands.flatMap(({ options }) => options).map(({ long }) => long)
      const own = command.commands.length > 0 ? known : command.options.map(({ long }) => long)
      const flags = [...line.replace(/#.*/, '').matchAll(/(?<=\s|\[)--[a-z-]+/g)].map(
        ([flag]) => flag,
      )
      const unknown = flags.filter((flag) => flag !== '--help' && !own.includes(flag))
      if (unknown.length > 0 || command.name() === 'ecos-eventbridge')
        wrong.push(`${file}: ${line}`)
    }
  }
  expect(wrong).toEqual([])
})

/** The command that the words after `ecos-eventbridge` name. */
function commandOf(line: string): Command {
  let [command] = commands
  for (const word of line.split(/[ \\|]/).slice(1)) {
    const next = command?.commands.find((one) => one.name() === word)
    if (!next) break
    command = next
  }
  return command as Command
}

it.each([
  ['dlq', ['dlq']],
  ['tenants', ['tenants']],
  // It is about all.
  ['completion', undefined],
  ['brigde', undefined],
  ['toString', undefined],
])('called with %s, the program loads what that needs', async (name, alone) => {
  const loaded = (await createProgram(name)).commands.map((command) => command.name())
  const all = (await createProgram()).commands.map((command) => command.name())
  expect(loaded).toEqual(alone ?? all)
})
