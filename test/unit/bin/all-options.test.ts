import { expect, it } from '@jest/globals'
import type { Command, Option } from 'commander'
import { createProgram } from '../../../bin/program.ts'

interface Used {
  readonly command: string
  readonly option: Option
}

const used = optionsOf(createProgram())
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

it.each(['--json', '--limit', '--from', '--to', '--run'])('%s means one thing', (name) => {
  const uses = used.filter(({ option }) => option.long === name)
  expect(uses.length).toBeGreaterThan(1)
  expect(new Set(uses.map(({ option }) => option.description)).size).toBe(1)
})

it('every list has --json, and a cell has one default', () => {
  const lists = new Set(used.flatMap(({ command }) => (command.endsWith(' list') ? [command] : [])))
  const withJson = used.filter(({ option }) => option.long === '--json')
  expect([...lists].filter((list) => !withJson.some(({ command }) => command === list))).toEqual([])
  const cells = used.filter(({ command, option }) => {
    return option.long === '--cell' && command !== ' console'
  })
  expect(new Set(cells.map(({ option }) => `${option.envVar} ${option.defaultValue}`))).toEqual(
    new Set(['CELL main']),
  )
})
