import { Command, InvalidArgumentError, Option } from 'commander'
import { startConsole } from '../../console/server/console.ts'
import { whenAborted } from '../../lib/waiting.ts'
import { stopSignal } from '../stop-signal.ts'
import { liveSystem } from './console-ports.ts'
import { print } from './text.ts'

const help = `
It sees the account and region of the AWS_* variables. What waits at the broker is there too, if
AMQP_URL (with AMQP_CA) and TENANTS_FILE are set. While a page is open it has a rule and a queue of
its own on the bus, which it removes when it ends.
`

interface Options {
  readonly cell?: string
  readonly port: number
  readonly allowRepair?: boolean
}

/** `console`: the operators' page, on this machine alone, until it is stopped. */
export function consoleCommand(): Command {
  return new Command('console')
    .description('A web page that shows the live system, and repairs it (AWS_* variables)')
    .addOption(new Option('--cell <name>', 'only that cell (default: all there are)').env('CELL'))
    .addOption(
      new Option('--port <number>', 'of 127.0.0.1; 0 for one that is free')
        .argParser(port)
        .default(8484),
    )
    .option('--allow-repair', 'let the page send dead letters back; without it nothing is changed')
    .addHelpText('after', help)
    .action(run)
}

async function run({ cell, port, allowRepair = false }: Options): Promise<void> {
  const signal = stopSignal()
  const ports = liveSystem()
  const served = await startConsole({ port, allowRepair, ports, ...(cell && { cell }) })
  print(`Console ${served.url}`)
  print(allowRepair ? 'Dead letters may be sent back.' : 'Read only: --allow-repair lets repair.')
  await whenAborted(signal)
  await served.close()
}

function port(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new InvalidArgumentError('is no port')
}
