import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { table } from '../../../bin/commands/table.ts'
import { agoText } from '../../../bin/commands/text.ts'
import { pathOf } from '../../../bin/help.ts'
import { languageOf, speak } from '../../../bin/language.ts'
import { commandsOf, createProgram } from '../../../bin/program.ts'
import { descriptions } from '../../../bin/russian/descriptions.ts'
import { errorCodes } from '../../../bin/russian/error-codes.ts'
import { faults } from '../../../bin/russian/faults.ts'
import { heads } from '../../../bin/russian/heads.ts'
import { importProblems } from '../../../bin/russian/import-problems.ts'
import { library } from '../../../bin/russian/library.ts'
import { options } from '../../../bin/russian/options.ts'
import { results } from '../../../bin/russian/results.ts'
import { errorText, fault, say, translated } from '../../../bin/say.ts'
import { EcosError } from '../../../lib/errors.ts'
import { boundsOf, defaultCapacity } from '../../../lib/tenants/cost/capacity.ts'

beforeEach(() => speak('ru'))
afterEach(() => speak('en'))

const russian = /[а-яё]/i

function helpOf(command: Command): string {
  let shown = ''
  command.configureOutput({ ...command.configureOutput(), writeOut: (text) => (shown += text) })
  command.outputHelp()
  return shown
}

describe.each(commandsOf(await createProgram()).map(pathOf))('%s --help', (path) => {
  const find = async () => {
    const command = commandsOf(await createProgram()).find((one) => pathOf(one) === path)
    if (command === undefined) throw new Error(path)
    return command
  }

  it('is in Russian: what the command, its options and its arguments are for', async () => {
    const command = await find()
    const parts = [...command.options, ...command.registeredArguments]
    const texts = [command.description(), ...parts.map(({ description }) => description)]
    expect(texts.filter((text) => !russian.test(text))).toEqual([])
  })

  it('has no English sentence left', async () => {
    const prose = helpOf(await find())
      .split('\n')
      // How the command is called, in examples too.
      .filter((line) => !/(^|npx |: ) *ecos-eventbridge /.test(line))
      .join(' ')
      .replaceAll(/"[^"]*"|`[^`]*`|<[^>]*>|\[[^\]]*\]|--[a-z-]+/g, '')
    expect(prose.match(/\b[a-z]+(?: [a-z]+){2,}/g)).toBeNull()
  })

  it('names the same options, variables and pages as in English', async () => {
    const names = (text: string) =>
      [...new Set(text.match(/--[a-z][a-z-]+|\b[A-Z]+_[A-Z_]+\b|docs\/(?!ru)[\w./-]+\w/g))].sort()
    const inRussian = names(helpOf(await find()).replaceAll('docs/ru/', 'docs/'))
    speak('en')
    expect(inRussian).toEqual(names(helpOf(await find())))
  })
})

describe('the catalogue', () => {
  it('keeps the places of the values', () => {
    const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()
    const said = Object.entries({ ...results, ...faults, ...importProblems })
    for (const [english, text] of said)
      expect([text, ...places(text)]).toEqual([text, ...places(english)])
  })

  it('has no text of lib/ that is not said there', () => {
    const files = globSync(['lib/**/*.ts', 'bin/commands/template-folders.ts'])
    const sources = files
      .filter((file) => !file.endsWith('problems.ts'))
      .map((file) => readFileSync(file, 'utf8'))
    // Numbers and quotes are written otherwise there.
    const words = (text: string) => text.match(/[A-Za-z]+(?: [A-Za-z]+)*/g) ?? []
    const unsaid = Object.keys({ ...library, ...importProblems }).filter(
      (text) => !sources.some((source) => words(text).every((part) => source.includes(part))),
    )
    expect(unsaid).toEqual([])
  })

  it('has no text that nothing says', async () => {
    const sources = globSync('bin/{*,commands/*}.ts').map((file) => readFileSync(file, 'utf8'))
    const program = commandsOf(await english())
    const helped = program.flatMap((command) => [
      command.description(),
      ...[...command.options, ...command.registeredArguments].map((part) => part.description),
    ])
    const texts = Object.keys({ ...results, ...faults, ...heads })
    const unsaid = texts.filter((text) => !sources.some((source) => source.includes(text)))
    const unused = Object.keys({ ...descriptions, ...options }).filter(
      (text) => !helped.includes(text) && text !== 'display help for command',
    )
    expect([...unsaid, ...unused]).toEqual([])
  })

  it('tells in Russian what each error code means', () => {
    expect(Object.values(errorCodes).filter((text) => !russian.test(text))).toEqual([])
  })
})

function english(): Promise<Command> {
  speak('en')
  return createProgram()
}

it('a value that an option refuses is refused in Russian', async () => {
  const bad = ['nonsense', '1', '', '-', '{', '1=x', '\u0000', 'x'.repeat(201), 'я'.repeat(150)]
  const refusals = commandsOf(await createProgram()).flatMap((command) =>
    command.options
      // Commander's own message is translated as a whole.
      .filter(({ argChoices }) => argChoices === undefined)
      .flatMap((option) =>
        bad.flatMap((text) => {
          try {
            option.parseArg?.(text, undefined)
            return []
          } catch (error) {
            return [`${pathOf(command)} ${option.flags}: ${(error as Error).message}`]
          }
        }),
      ),
  )
  expect(refusals.length).toBeGreaterThan(100)
  expect(refusals.filter((text) => !russian.test(text))).toEqual([])
})

it('the parts of a cell and what to raise are in Russian', () => {
  const texts = boundsOf(defaultCapacity).flatMap(({ part, raise }) => [part, raise])
  const inEnglish = texts.map(translated).filter((text) => !russian.test(text))
  // Settings.
  expect(new Set(inEnglish)).toEqual(new Set(['maximumConcurrency', 'maxPutEventsPerSecond']))
})

describe('the language', () => {
  it.each([
    [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
    [{ LANG: 'ru_RU' }, 'ru'],
    [{ LANG: 'ru' }, 'ru'],
    [{ LC_MESSAGES: 'ru_RU.utf8', LANG: 'en_US.UTF-8' }, 'ru'],
    [{ LC_ALL: 'C', LC_MESSAGES: 'ru_RU.UTF-8', LANG: 'ru_RU.UTF-8' }, 'en'],
    [{ LC_ALL: '', LANG: 'ru_RU.UTF-8' }, 'ru'],
    [{ LANG: 'POSIX' }, 'en'],
    [{ LANG: 'C.UTF-8' }, 'en'],
    [{ LANG: 'run' }, 'en'],
    [{ LANG: 'ru_RU.KOI8-R' }, 'en'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{}, 'en'],
  ])('of %j is %s', (environment, language) => {
    expect(languageOf(environment)).toBe(language)
  })

  it('is that of tables, times and texts with values', () => {
    expect(table(['tenant', 'cause'], [['acme', 'x']])).toBe('  ТЕНАНТ  ПРИЧИНА\n  acme    x')
    const hour = 3_600_000
    expect(agoText(new Date(0), 3 * hour)).toBe('3 часа назад')
    expect(say('Removed: {removed}, kept in {file}', { removed: 5, file: '{removed}' })).toBe(
      'Удалено: 5, сохранено в {removed}',
    )
  })

  it("is that of a command's own errors; others have the meaning of their code before them", () => {
    const own = fault('not-asked', '{count} messages would be removed: add --yes', { count: 3 })
    expect(errorText(own)).toBe('Было бы удалено сообщений: 3; добавьте --yes')
    expect(errorText(new EcosError('not-running', 'There is no stack'))).toBe(
      'Локальный стек не запущен: запустите его командой npm start (not-running):\n  There is no stack',
    )
    expect(errorText(new Error('x'))).toBe('Непредвиденная ошибка:\n  x')
    speak('en')
    expect(errorText(new EcosError('not-running', 'There is no stack'))).toBe('There is no stack')
  })
})

describe('a command line that is wrong', () => {
  const run = (line: string, environment = {}) =>
    new Promise<{ code: number; stderr: string }>((resolve) => {
      const env = { ...process.env, LC_ALL: 'ru_RU.UTF-8', ...environment }
      const args = ['bin/ecos-eventbridge.mjs', ...line.split(' ')]
      execFile(process.execPath, args, { env }, (error, _, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr: stderr.trimEnd() }),
      )
    })

  it.each([
    ['brigde', "ошибка: неизвестная команда 'brigde'\n(Возможно, вы имели в виду bridge?)"],
    [
      'dlq list --limt 3',
      "ошибка: неизвестный параметр '--limt'\n(Возможно, вы имели в виду --limit?)",
    ],
    [
      'dlq list --limit x',
      "ошибка: неверное значение 'x' параметра '--limit <count>': это не целое число больше 0",
    ],
    [
      'dlq list --output xml',
      `ошибка: неверное значение 'xml' параметра '--output <format>': допустимые значения: table, json, yaml.`,
    ],
    ['dlq list --tenant', "ошибка: у параметра '--tenant <id>' нет значения"],
    ['dlq purge', "ошибка: не указан обязательный параметр '--into <file>'"],
    ['people import --tenant acme', "ошибка: не указан обязательный аргумент 'file'"],
    ['tail acme', 'ошибка: слишком много аргументов: нужно 0, указано 1: acme.'],
    [
      'completion fish',
      "ошибка: неверное значение 'fish' аргумента 'shell': допустимые значения: bash, zsh.",
    ],
  ])('is told so in Russian: %s', async (line, told) => {
    expect(await run(line)).toEqual({ code: 2, stderr: told })
  })

  it('fails with --json as in English', async () => {
    const { code, stderr } = await run('tenants list --json --tenants /nowhere.yml')
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({
      code: 1,
      error: 'tenants-unreadable',
    })
    expect(stderr).not.toMatch(russian)
  })
})
