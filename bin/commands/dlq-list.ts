import { Command } from 'commander'
import { lookAt } from '../../lib/operations/dead-letters.ts'
import { groupLetters, selectsAll } from '../../lib/operations/selection.ts'
import { stopSignal } from '../stop-signal.ts'
import { count } from './count.ts'
import { type DlqOptions, dlqOptions, withBoxes } from './dlq-options.ts'
import { agoText, print, table } from './text.ts'

interface ListOptions extends DlqOptions {
  readonly limit: number
  readonly check?: boolean
}

export function dlqListCommand(): Command {
  return dlqOptions(new Command('list'))
    .description('Every dead-letter queue and the quarantine: how much, since when, whose and why')
    .option('--limit <number>', 'messages of a queue that are looked at', count, 1000)
    .option('--check', 'exit with 3 if anything is there that is meant')
    .action(list)
}

async function list(options: ListOptions): Promise<void> {
  const signal = stopSignal()
  const queues = await withBoxes(options, async ({ boxes, reasonOf }) =>
    Promise.all(
      boxes.map(async (box) => {
        const depth = await box.depth()
        const { letters, more } = await lookAt(box, options, reasonOf, options.limit, signal)
        return { queue: box.name, depth, more, groups: groupLetters(letters) }
      }),
    ),
  )
  if (signal.aborted) {
    process.exitCode = 1
    return
  }
  print(options.json ? JSON.stringify(queues) : listText(queues))
  const isMeant = selectsAll(options)
    ? ({ depth }: Queue) => depth > 0
    : ({ groups, more }: Queue) => groups.length > 0 || more
  if (options.check && queues.some(isMeant)) process.exitCode = 3
}

type Queue = {
  queue: string
  depth: number
  more: boolean
  groups: ReturnType<typeof groupLetters>
}

function listText(queues: readonly Queue[]): string {
  const full = queues.filter(({ depth }) => depth > 0)
  if (full.length === 0) return `Nothing rests in any of ${queues.length} queues.`
  return full
    .map(({ queue, depth, more, groups }) => {
      const rows = groups.map(({ tenant, type, reason, count, oldest }) => [
        String(count),
        tenant,
        type,
        agoText(oldest),
        reason,
      ])
      const rest = more ? '\n  … and more: --limit looks at more' : ''
      return `${queue}: ${depth}\n${table(['', 'tenant', 'type', 'oldest', 'reason'], rows)}${rest}`
    })
    .join('\n\n')
}
