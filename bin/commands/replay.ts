import { randomBytes } from 'node:crypto'
import { Command, Option } from 'commander'
import { createReplays, readReplayCell } from '../../lib/aws/cell/replays.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import {
  planReplay,
  type ReplayPlan,
  type ReplayProgress,
  type ReplayRequest,
  runReplay,
} from '../../lib/operations/replay.ts'
import { exitCode } from '../exit-code.ts'
import { stopSignal } from '../stop-signal.ts'
import { cellOption, fromOption, jsonOption, runOption, tenantOption, toOption } from './options.ts'
import { print, statusLine } from './text.ts'

interface ReplayOptions extends Omit<ReplayRequest, 'again'> {
  readonly cell: string
  readonly again?: boolean
  readonly run?: boolean
  readonly json?: boolean
}

/** Milliseconds between two looks at a replay. */
const lookInterval = 2_000

/** An event may reach the archive this many minutes later (user guide, eb-archive). */
const archiveDelayMinutes = 10

/** `replay`: sends events from the bus's archive to a tenant's rules again. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      "Replays a tenant's events from the bus's archive (AWS_* variables); Ctrl-C cancels",
    )
    .addOption(cellOption())
    .addOption(tenantOption().makeOptionMandatory())
    .addOption(
      new Option('--type <event type>', 'only to the rule of this type').choices(eventTypes),
    )
    .addOption(fromOption().makeOptionMandatory())
    .addOption(toOption().makeOptionMandatory())
    .option(
      '--again',
      'tell everybody again, even of events that were handled before; 24 hours at most',
    )
    .addOption(runOption())
    .addOption(jsonOption())
    .action(replay)
}

async function replay({ cell, run, json, again = false, ...what }: ReplayOptions): Promise<void> {
  const now = new Date()
  const unique = randomBytes(4).toString('hex')
  const plan = planReplay({ ...what, again }, await readReplayCell(cell), now, unique)
  const { archive: _, ruleArns: __, name, ...asked } = plan
  if (!run) {
    print(json ? JSON.stringify({ ...asked, again }) : planText(plan, again, now))
    return
  }
  const line = statusLine()
  const state = await runReplay(plan, createReplays(), {
    signal: stopSignal(),
    interval: lookInterval,
    onProgress: (progress) => line.show(progressText(plan, progress)),
  }).finally(line.end)
  const ends = {
    COMPLETED: 'Replayed',
    CANCELLED: 'Cancelled; events that were replayed before stay so',
  }
  print(json ? JSON.stringify({ ...asked, again, name, state }) : `${ends[state]}: ${name}`)
  if (state !== 'COMPLETED') process.exitCode = exitCode.failed
}

function planText({ tenant, types, from, to }: ReplayPlan, again: boolean, now: Date): string {
  const isEarly = now.getTime() - to.getTime() < archiveDelayMinutes * 60_000
  return [
    'Would be replayed (add --run to do it):',
    `  tenant ${tenant}: ${types.join(', ')}`,
    `  from ${from.toISOString()} to ${to.toISOString()}`,
    again
      ? 'Everybody is told again, even of events that were handled before.'
      : 'Events that were handled before are not handled again; --again tells everybody again.',
    ...(isEarly
      ? [`Events of the last ${archiveDelayMinutes} minutes may not be archived yet.`]
      : []),
  ].join('\n')
}

function progressText({ name, from, to }: ReplayPlan, progress: ReplayProgress): string {
  const { state, lastReplayed = from } = progress
  const share = (lastReplayed.getTime() - from.getTime()) / (to.getTime() - from.getTime())
  return `${name}: ${state.toLowerCase()}, ${Math.round(100 * share)} % of the time`
}
