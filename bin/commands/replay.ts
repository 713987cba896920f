import { randomBytes } from 'node:crypto'
import { Command, Option } from 'commander'
import { createReplays, readArchive } from '../../lib/aws/cell/replays.ts'
import { type EventType, eventTypes } from '../../lib/events/catalogue.ts'
import {
  planReplay,
  type ReplayPlan,
  type ReplayProgress,
  type ReplayRequest,
  runReplay,
} from '../../lib/operations/replay.ts'
import { removeLeftOvers } from '../../lib/operations/replay-leftovers.ts'
import { exitCode } from '../exit-code.ts'
import { say } from '../say.ts'
import { stopSignal } from '../stop-signal.ts'
import { wholeNumber } from './count.ts'
import { knownTenants, requireTenant } from './known-tenant.ts'
import { cellOption, fromOption, jsonOption, runOption, tenantOption, toOption } from './options.ts'
import { print, statusLine } from './text.ts'

interface ReplayOptions extends Omit<ReplayRequest, 'again' | 'types'> {
  readonly cell: string
  readonly type?: EventType
  readonly ruleWait: number
  readonly again?: boolean
  readonly run?: boolean
  readonly json?: boolean
}

/** Milliseconds between two looks at a replay. */
const lookInterval = 2_000

/** Seconds: EventBridge says "a short period of time" (user guide, eb-create-rule). */
const ruleWait = 60

/** An event may reach the archive this many minutes later (user guide, eb-archive). */
const archiveDelayMinutes = 10

/** `replay`: sends a tenant's events from the bus's archive to their handlers again. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      "Replays a tenant's events from the bus's archive (AWS_* variables); Ctrl-C cancels",
    )
    .addOption(cellOption())
    .addOption(tenantOption().makeOptionMandatory())
    .addOption(new Option('--type <event type>', 'only events of this type').choices(eventTypes))
    .addOption(fromOption().makeOptionMandatory())
    .addOption(toOption().makeOptionMandatory())
    .option(
      '--again',
      'tell everybody again, even of events that were handled before; 24 hours at most',
    )
    .addOption(
      new Option('--rule-wait <seconds>', "how long the replay's new rules take to be in force")
        .argParser(wholeNumber)
        .default(ruleWait),
    )
    .addOption(runOption())
    .addOption(jsonOption())
    .action(replay)
}

async function replay(options: ReplayOptions): Promise<void> {
  const { cell, type, ruleWait, run, json, again = false, ...what } = options
  const now = new Date()
  const unique = randomBytes(4).toString('hex')
  const archive = await readArchive(cell)
  await requireTenant(cell, what.tenant)
  const types = type === undefined ? await enabledTypes(cell, what.tenant) : [type]
  const plan = planReplay({ ...what, ...(types && { types }), again }, archive, now, unique)
  const { archive: _, name, ...asked } = plan
  if (!run) {
    print(json ? JSON.stringify({ ...asked, again }) : planText(plan, again, now))
    return
  }
  const line = statusLine()
  const replays = createReplays(cell)
  await removeLeftOvers(replays, now)
  const state = await runReplay(plan, replays, {
    signal: stopSignal(),
    interval: lookInterval,
    ruleWait: ruleWait * 1_000,
    onProgress: (progress) => line.show(progressText(plan, progress)),
  }).finally(line.end)
  const ends = {
    COMPLETED: 'Replayed',
    CANCELLED: 'Cancelled; events that were replayed before stay so',
  } as const
  print(json ? JSON.stringify({ ...asked, again, name, state }) : `${say(ends[state])}: ${name}`)
  if (state !== 'COMPLETED') process.exitCode = exitCode.failed
}

/** The types that the tenant has turned on, if that is known: fewer rules. */
async function enabledTypes(
  cell: string,
  tenant: string,
): Promise<readonly EventType[] | undefined> {
  const tenants = await knownTenants(cell)
  return tenants?.find(({ id }) => id === tenant)?.events
}

function planText({ tenant, types, from, to }: ReplayPlan, again: boolean, now: Date): string {
  const isEarly = now.getTime() - to.getTime() < archiveDelayMinutes * 60_000
  return [
    say('Would be replayed (add --run to do it):'),
    `  ${say('tenant {tenant}: {types}', { tenant, types: types.join(', ') })}`,
    `  ${say('from {from} to {to}', { from: from.toISOString(), to: to.toISOString() })}`,
    again
      ? say('Everybody is told again, even of events that were handled before.')
      : say(
          'Events that were handled before are not handled again; --again tells everybody again.',
        ),
    ...(isEarly
      ? [
          say('Events of the last {minutes} minutes may not be archived yet.', {
            minutes: archiveDelayMinutes,
          }),
        ]
      : []),
  ].join('\n')
}

function progressText({ name, from, to }: ReplayPlan, progress: ReplayProgress): string {
  const { state, lastReplayed = from } = progress
  const share = (lastReplayed.getTime() - from.getTime()) / (to.getTime() - from.getTime())
  return `${name}: ${state.toLowerCase()}, ${Math.round(100 * share)} % of the time`
}
