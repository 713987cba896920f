import { Command, InvalidArgumentError, Option } from 'commander'
import { lookAt, repair } from '../../lib/operations/dead-letters.ts'
import { stopSignal } from '../stop-signal.ts'
import { type DlqOptions, dlqOptions, withBoxes } from './dlq-options.ts'
import { print, progress } from './text.ts'

interface RedriveOptions extends DlqOptions {
  readonly perSecond: number
  readonly run?: boolean
}

export function dlqRedriveCommand(): Command {
  return dlqOptions(new Command('redrive'))
    .description('Sends what is meant back to where it came from; without --run it only says what')
    .addOption(new Option('--per-second <number>', 'messages a second').argParser(rate).default(50))
    .option('--run', 'do it')
    .action(redrive)
}

async function redrive(options: RedriveOptions): Promise<void> {
  const signal = stopSignal()
  const results = await withBoxes(options, async ({ boxes, reasonOf }) => {
    const all: { queue: string; messages: number }[] = []
    for (const box of boxes) {
      const bar = progress(box.name)
      const messages = options.run
        ? await repair(box, options, reasonOf, {
            act: (letter) => letter.sendBack(),
            perSecond: options.perSecond,
            signal,
            onProgress: bar.show,
          }).finally(bar.end)
        : (await lookAt(box, options, reasonOf, Number.POSITIVE_INFINITY)).letters.length
      if (messages > 0) all.push({ queue: box.name, messages })
    }
    return all
  })
  print(options.json ? JSON.stringify(results) : resultText(results, options.run ?? false))
  if (signal.aborted) process.exitCode = 1
}

function resultText(
  results: readonly { queue: string; messages: number }[],
  done: boolean,
): string {
  if (results.length === 0) return 'Nothing there is meant.'
  const lines = results.map(({ queue, messages }) => `${queue}: ${messages}`)
  return [done ? 'Sent back:' : 'Would be sent back (--run does it):', ...lines].join('\n')
}

function rate(text: string): number {
  const number = Number(text)
  if (number > 0 && number <= 1000) return number
  throw new InvalidArgumentError('is no number from 1 to 1000')
}
