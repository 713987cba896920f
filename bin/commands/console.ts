import { Command, InvalidArgumentError, Option } from 'commander'
import { startConsole } from '../../console/server/console.ts'
import { whenAborted } from '../../lib/waiting.ts'
import { errorCodes } from '../russian/error-codes.ts'
import { helpBelow } from '../russian/help.ts'
import { below, say } from '../say.ts'
import { stopSignal } from '../stop-signal.ts'
import { liveSystem } from './console-ports.ts'
import { templatesOption } from './subscriptions-options.ts'
import { print } from './text.ts'

const help = `
Shows the account and region of the AWS_* variables and, with AMQP_URL (and AMQP_CA) and
TENANTS_FILE, the queues at the broker. When a page is opened it creates a rule and a queue on the
bus, and removes them when it ends.
`

interface Options {
  readonly cell?: string
  readonly port: number
  readonly allowRepair?: boolean
  readonly bucket?: string
  readonly templates: string
}

/** `console`: serves the operators' page on this machine until it is stopped. */
export function consoleCommand(): Command {
  return new Command('console')
    .description(
      'Serves a web page that shows the live system and repairs what failed (AWS_* variables)',
    )
    .addOption(new Option('--cell <name>', 'only this cell (default: all cells)').env('CELL'))
    .addOption(
      new Option('--port <number>', 'the port on 127.0.0.1; 0 takes a free one')
        .argParser(port)
        .default(8484),
    )
    .option(
      '--allow-repair',
      'let the page send dead letters back, resend, cancel and test notifications, and switch addresses',
    )
    .addOption(templatesOption())
    .addOption(
      new Option(
        '--bucket <name>',
        "the cell's bucket of payloads: PayloadBucketName, an output of its stack",
      ).env('PAYLOAD_BUCKET'),
    )
    .addHelpText('after', below(help, helpBelow.console))
    .action(run)
}

async function run({ cell, port, allowRepair = false, bucket, templates }: Options): Promise<void> {
  const signal = stopSignal()
  const ports = liveSystem({ cell, bucket, templates })
  const served = await startConsole({
    ...{ port, allowRepair, ports, russianMeanings: errorCodes },
    ...(cell && { cell }),
  })
  print(say('Console {url}', served))
  print(
    allowRepair
      ? say('The page may repair. Each repair is on record (ecos-eventbridge audit).')
      : say('Read only: --allow-repair lets the page repair.'),
  )
  await whenAborted(signal)
  await served.close()
}

function port(text: string): number {
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number
  throw new InvalidArgumentError(say('is not a port (0 to 65535)'))
}
