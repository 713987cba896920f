import { delimiter, resolve } from 'node:path'
import { Option } from 'commander'
import { count, wholeNumber } from '../bin/commands/count.ts'
import { aboveZero, someOf } from '../local/options.ts'
import { unpackRabbitMq4 } from '../local/rabbitmq-4.ts'
import { createScript } from '../local/script.ts'
import { defectRow, readDefects, seek } from './defects.ts'
import { faultNames } from './nemesis/index.ts'
import { shrink } from './shrink.ts'
import { copyTree, type Tree } from './tree.ts'

interface Options {
  readonly seed: number
  readonly seeds: number
  readonly minutes: number
  readonly rate: number
  readonly only?: readonly string[]
  readonly shrink: boolean
  readonly rabbitmq?: '4'
  readonly defect?: readonly string[]
  readonly defects?: true
}

const options = createScript('torture')
  .description(
    'Runs the whole local system under load and faults, and judges what became of every event',
  )
  .option('--seed <number>', 'the same seed gives the same load and faults', wholeNumber, 1)
  .option('--seeds <count>', 'how many seeds in a row', count, 1)
  .option('--minutes <number>', 'how long events are published', aboveZero, 2)
  .option('--rate <number>', 'events a second, on average', aboveZero, 3)
  .option(
    '--only <faults>',
    `these faults alone, with commas: ${faultNames.join(', ')}`,
    someOf(() => faultNames),
  )
  .option('--shrink', 'reduce a failing run to a short list of faults', false)
  .addOption(new Option('--rabbitmq <version>', 'on RabbitMQ 4.0').choices(['4']))
  .option(
    '--defect <names>',
    'plant these defects, with commas, and see that each is found',
    someOf(() => readDefects().map(({ name }) => name)),
  )
  .option('--defects', 'plant one defect after another')
  .parse()
  .opts<Options>()

process.exitCode = (await main(options)) ? 0 : 1

/** @returns whether all is as it should be */
async function main({ defect, defects, seed, seeds }: Options): Promise<boolean> {
  if (defects || defect !== undefined) return seekAll(defect)
  const tree = copyTree('run')
  const env = await brokerEnvironment()
  let passed = 0
  for (let number = seed; number < seed + seeds; number += 1) {
    if (await play(tree, number, env)) passed += 1
  }
  if (seeds > 1) process.stdout.write(`${passed} of ${seeds} seeds passed\n`)
  return passed === seeds
}

async function play(tree: Tree, seed: number, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { minutes, rate, only } = options
  const args = ['--seed', String(seed), '--minutes', String(minutes), '--rate', String(rate)]
  const chosen = only === undefined ? [] : ['--only', only.join(',')]
  const report = await tree.run([...args, ...chosen], env)
  if (report === undefined || report.passed || !options.shrink) return report?.passed ?? false
  const all = report.faults.map((_, index) => index)
  const least = await shrink(all, async (some) => {
    const shrunk = await tree.run([...args, ...chosen, '--faults', some.join(',')], env)
    return shrunk?.passed === false
  })
  const names = least.map((index) => report.faults[index]?.name)
  process.stdout.write(
    `Seed ${seed} fails with ${names.join(', ')} (--faults ${least.join(',')})\n`,
  )
  return false
}

async function brokerEnvironment(): Promise<NodeJS.ProcessEnv> {
  if (options.rabbitmq !== '4') return ownEnvironment()
  const context = {
    stateDir: resolve('.local'),
    onProgress: () => {},
    signal: new AbortController().signal,
  }
  const env = ownEnvironment()
  return { ...env, PATH: [await unpackRabbitMq4(context), env['PATH']].join(delimiter) }
}

/** A run has a broker and an AWS of its own, whatever these variables name. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { AMQP_URL: _, AWS_ENDPOINT_URL: __, NODE_OPTIONS: ___, ...env } = process.env
  return env
}

async function seekAll(chosen: readonly string[] | undefined): Promise<boolean> {
  let [sought, found] = [0, 0]
  for (const defect of readDefects().filter(({ name }) => chosen?.includes(name) ?? true)) {
    const caught = await seek(defect)
    process.stdout.write(`${defectRow(caught)}\n`)
    sought += 1
    if (caught.by.length > 0) found += 1
  }
  return sought > 0 && found === sought
}
