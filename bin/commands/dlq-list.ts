import { Command, Option } from 'commander'
import { lookAt } from '../../lib/operations/dead-letters.ts'
import {
  type Group,
  groupLetters,
  limitGroups,
  selectsAll,
} from '../../lib/operations/selection.ts'
import { exitCode } from '../exit-code.ts'
import { say } from '../say.ts'
import { stopSignal } from '../stop-signal.ts'
import { type Boxes, type DlqOptions, dlqOptions, maxRead, withBoxes } from './dlq-options.ts'
import { type Absences, createAbsences } from './dlq-queues.ts'
import { requireTenant } from './known-tenant.ts'
import { limitOption } from './options.ts'
import { type OutputOptions, printResult } from './output.ts'
import { table } from './table.ts'
import { agoText, shortIds } from './text.ts'
import { listed, type WatchOptions, withWatch } from './watch.ts'

interface ListOptions extends DlqOptions, OutputOptions, WatchOptions {
  readonly limit: number
  readonly check?: boolean
}

/** The content of a queue, and the part of it that the options select. */
interface QueueList {
  readonly queue: string
  /** All messages of the queue. Approximate. */
  readonly depth: number
  /** The selected messages: the sum of the groups' counts. */
  readonly messages: number
  /** Whether the queue holds messages that were not read. */
  readonly more: boolean
  /** The largest of all queues, up to the limit. */
  readonly groups: readonly Group[]
  /** Groups that the limit leaves out. */
  readonly moreGroups: number
}

export function dlqListCommand(): Command {
  return withWatch(dlqOptions(new Command('list')))
    .description('Dead-letter queues and quarantine: how many messages, since when, whose and why')
    .addOption(limitOption(100))
    .addOption(new Option('--check', 'end with 3 if there is a message'))
    .action((options: ListOptions) => {
      const absences = createAbsences()
      return listed(options, () => list(options, absences))
    })
}

async function list(options: ListOptions, absences: Absences): Promise<void> {
  const signal = stopSignal()
  const look = async ({ boxes, reasonOf }: Boxes) =>
    Promise.all(
      boxes.map(async (box) => {
        const seen = await lookAt(box, options, reasonOf, { limit: maxRead, signal })
        const { letters, depth, more } = seen
        const groups = groupLetters(letters)
        // SQS counts late: what was read is there.
        return {
          queue: box.name,
          depth: Math.max(depth, letters.length),
          messages: letters.length,
          more,
          groups,
        }
      }),
    )
  const lists = await withBoxes(options, look, { absences })
  if (signal.aborted) {
    // Ctrl-C is how a watch ends.
    if (options.watch === undefined) process.exitCode = exitCode.failed
    return
  }
  const queues = limitGroups(lists, options.limit)
  const isMeant = selectsAll(options)
    ? ({ depth }: QueueList) => depth > 0
    : ({ messages, more }: QueueList) => messages > 0 || more
  if (!queues.some(isMeant)) await requireTenant(options.cell, options.tenant)
  printResult(options, queues, () => listText(queues.filter(isMeant), options))
  if (options.check && queues.some(isMeant)) process.exitCode = exitCode.needsHand
}

function listText(queues: readonly QueueList[], options: ListOptions): string {
  if (queues.length === 0) return say(selectsAll(options) ? 'No dead letters.' : 'Nothing matches.')
  const short = shortIds(queues.flatMap(({ groups }) => groups.map(({ id }) => id)))
  const head = ['count', 'tenant', 'type', 'cause', 'oldest', 'newest id'] as const
  const parts = queues.map((list) => {
    const own = list.groups.map((group) => rowOf(group, short))
    return own.length > 0 ? `${titleOf(list)}\n${table(head, own)}` : titleOf(list)
  })
  const hidden = queues.reduce((sum, { moreGroups }) => sum + moreGroups, 0)
  return [
    ...parts,
    [
      totalOf(queues),
      ...(hidden > 0 ? [say('{hidden} more groups: --limit shows them', { hidden })] : []),
      say('One message: dlq show --id <id>'),
    ].join('\n'),
  ].join('\n\n')
}

function rowOf(group: Group, short: (id: string) => string): string[] {
  const { count, tenant, type, cause, oldest, id } = group
  return [String(count), tenant, type, cause, agoText(oldest), short(id)]
}

function titleOf({ queue, depth, messages, more }: QueueList): string {
  if (messages === depth) return `${queue}: ${depth}`
  const values = { queue, messages, depth, read: maxRead }
  return more
    ? say('{queue}: {messages} of about {depth}; only {read} were read', values)
    : say('{queue}: {messages} of about {depth}; the others do not match, or are hidden', values)
}

function totalOf(queues: readonly QueueList[]): string {
  const messages = queues.reduce((sum, list) => sum + list.messages, 0)
  return queues.length === 1
    ? say('Messages: {messages}, in 1 queue', { messages })
    : say('Messages: {messages}, in {queues} queues', { messages, queues: queues.length })
}
