import { expect, it } from '@jest/globals'
import type { Command, Option } from 'commander'
import { createProgram } from '../../../bin/program.ts'

interface Used {
  readonly command: string
  readonly option: Option
}

const program = await createProgram()
const used = optionsOf(program)
const byName = [...Map.groupBy(used, ({ option }) => option.long ?? option.flags)]

function optionsOf(command: Command, path = ''): Used[] {
  const own = command.options.map((option) => ({ command: path, option }))
  return [...own, ...command.commands.flatMap((sub) => optionsOf(sub, `${path} ${sub.name()}`))]
}

/** An event's id, and a file with an event. */
const twoMeanings = ['--event']

it('an option has the same spelling and argument in every command', () => {
  const different = byName
    .map(([name, uses]) => [name, ...new Set(uses.map(({ option }) => option.flags))])
    .filter(([name = '', ...flags]) => flags.length > 1 && !twoMeanings.includes(name))
  expect(different).toEqual([])
})

it.each(['--json', '--output', '--watch', '--limit', '--from', '--to', '--run'])(
  '%s means one thing',
  (name) => {
    const uses = used.filter(({ option }) => option.long === name)
    expect(uses.length).toBeGreaterThan(1)
    expect(new Set(uses.map(({ option }) => option.description)).size).toBe(1)
  },
)

it('every list has --json, --output and --watch, and a cell has one default', () => {
  const lists = new Set(used.flatMap(({ command }) => (command.endsWith(' list') ? [command] : [])))
  for (const name of ['--json', '--output', '--watch']) {
    const having = used.filter(({ option }) => option.long === name)
    expect([...lists].filter((list) => !having.some(({ command }) => command === list))).toEqual([])
  }
  const cells = used.filter(({ command, option }) => {
    return option.long === '--cell' && command !== ' console'
  })
  expect(new Set(cells.map(({ option }) => `${option.envVar} ${option.defaultValue}`))).toEqual(
    new Set(['CELL main']),
  )
})

const typed = /<(time|count|number|seconds|place|zone|partition|json|name=path)>/

it('an option that takes a time, a number or JSON refuses any other text', () => {
  const lax = used.flatMap(({ command, option }) => {
    // There, an empty text removes the field: its own parser refuses the rest.
    if (!typed.test(option.flags) || command === ' people set') return []
    const refused = ['nonsense', 'constructor', '__proto__', '-1x', ' '].map((text) => {
      try {
        option.parseArg?.(text, undefined)
        return option.parseArg !== undefined && option.flags.includes('<name=path>')
      } catch (error) {
        return (error as { code?: string }).code === 'commander.invalidArgument'
      }
    })
    return refused.every(Boolean) ? [] : [`${command} ${option.flags}`]
  })
  expect(lax).toEqual([])
})

it('a variable for a template is not named as what every object has', () => {
  const data = used.find(({ option }) => option.long === '--data')?.option
  for (const name of ['constructor', '__proto__', 'toString', '']) {
    expect(() => data?.parseArg?.(`${name}=docId`, {})).toThrow()
  }
  expect(data?.parseArg?.('number=docId', { sum: 'amount' })).toEqual({
    sum: 'amount',
    number: 'docId',
  })
})

it('the help marks what a command needs', () => {
  const required = used.filter(({ option }) => option.mandatory)
  expect(required.length).toBeGreaterThan(10)
  const unmarked = required.filter(({ command, option }) => {
    const path = command.trim().split(' ')
    const of = path.reduce(
      (one, name) => one.commands.find((sub) => sub.name() === name) as Command,
      program,
    )
    return !of
      .createHelp()
      .formatHelp(of, Object.assign(of.createHelp(), { helpWidth: 500 }))
      .match(new RegExp(`${option.long} .*\\(required\\)`))
  })
  expect(unmarked).toEqual([])
})
