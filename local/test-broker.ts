import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { Option } from 'commander'
import { messageOf } from '../lib/errors.ts'
import { unpackRabbitMq4 } from './rabbitmq-4.ts'
import { createScript } from './script.ts'
import { createTerminal } from './terminal.ts'

const command = createScript('test:broker')
  .description('Runs the integration tests that talk to the broker')
  .argument('[files...]', 'these alone')
  .addOption(new Option('--rabbitmq <version>', "instead of the machine's RabbitMQ").choices(['4']))
  .parse()
const { rabbitmq } = command.opts<{ rabbitmq?: '4' }>()
const terminal = createTerminal()
try {
  const { onProgress } = terminal
  const context = { stateDir: resolve('.local'), onProgress, signal: new AbortController().signal }
  const first = rabbitmq === '4' ? [await unpackRabbitMq4(context)] : []
  const files = command.args.length > 0 ? command.args : brokerTests()
  // A broker that AMQP_URL names would be tested in its place.
  const { AMQP_URL: _, PATH = '', ...rest } = process.env
  const env = { ...rest, PATH: [...first, PATH].join(delimiter) }
  const { status } = spawnSync(process.execPath, ['local/test.ts', ...files], {
    stdio: 'inherit',
    env,
  })
  process.exitCode = status ?? 1
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

/** The load and the drills have commands of their own, and measure more than the broker. */
function brokerTests(): string[] {
  const talksToBroker = /amqpUrl|support\/own-broker\.ts/
  return globSync('test/integration/*.test.ts')
    .filter((file) => !/\/(load|drills|image|package|console|pipeline)\.test\.ts$/.test(file))
    .filter((file) => talksToBroker.test(readFileSync(file, 'utf8')))
    .sort()
}
