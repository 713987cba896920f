import { EcosError } from '../errors.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import { replayName } from '../events/replay-name.ts'
import { deduplicationDays } from '../notifications/store.ts'
import { ruleName } from '../tenants/names.ts'
import { pause } from '../waiting.ts'

/** The archive of a cell's bus. */
export interface Archive {
  readonly arn: string
  readonly busArn: string
}

/** Which events are meant. By their own times: what happened at `from` or later, and before `to`. */
export interface ReplayRequest {
  readonly tenant: string
  /** All that the tenant has turned on, if there is none. */
  readonly type?: EventType
  readonly from: Date
  readonly to: Date
  /** Whether everybody is told again also of what was handled before. */
  readonly again: boolean
}

/** A replay as it is asked of EventBridge: to some rules of the bus alone. */
export interface ReplayPlan {
  readonly name: string
  readonly archive: Archive
  readonly tenant: string
  readonly types: readonly EventType[]
  readonly ruleArns: readonly string[]
  readonly from: Date
  readonly to: Date
}

export type ReplayState =
  | 'STARTING'
  | 'RUNNING'
  | 'CANCELLING'
  | 'COMPLETED'
  | 'CANCELLED'
  | 'FAILED'

export interface ReplayProgress {
  readonly state: ReplayState
  readonly reason?: string
  /** The time of the event that was replayed last; a replay goes through its window minute by minute. */
  readonly lastReplayed?: Date
}

/** What EventBridge does for a replay. */
export interface Replays {
  start(plan: ReplayPlan): Promise<void>
  look(name: string): Promise<ReplayProgress>
  cancel(name: string): Promise<void>
}

/** What has to be known of a cell before. */
export interface ReplayCell {
  readonly archive: Archive
  /** The ARNs of the rules of its bus, by their names. */
  readonly rules: ReadonlyMap<string, string>
}

const day = 24 * 60 * 60 * 1000

/**
 * How far back what was handled is surely remembered. Later than that a handler would take an event for
 * a new one.
 */
const rememberedDays = deduplicationDays - 1

/** A mistake in a window tells a tenant's people again of at most so many days. */
const mostDaysAgain = 1

/**
 * @param unique tells the replay from others of the same second
 * @throws EcosError `bad-window`, `no-such-rules`
 */
export function planReplay(
  { tenant, type, from, to, again }: ReplayRequest,
  { archive, rules }: ReplayCell,
  now: Date,
  unique: string,
): ReplayPlan {
  refuseWindow(from, to, again, now)
  const found = (type === undefined ? eventTypes : [type]).flatMap((one) => {
    const arn = rules.get(ruleName(one, tenant))
    return arn === undefined ? [] : [{ type: one, arn }]
  })
  if (found.length === 0) {
    throw new EcosError(
      'no-such-rules',
      `The bus has no rule for ${type ?? 'any event type'} of the tenant ${tenant}: ` +
        'name a tenant of this cell, and a type that it has turned on in tenants.yml',
    )
  }
  return {
    name: replayName(again, now, unique),
    archive,
    tenant,
    types: found.map((one) => one.type),
    ruleArns: found.map(({ arn }) => arn),
    from,
    to,
  }
}

function refuseWindow(from: Date, to: Date, again: boolean, now: Date): void {
  const refuse = (problem: string) => {
    throw new EcosError('bad-window', problem)
  }
  if (from >= to) refuse('--from has to be before --to')
  if (to > now) refuse('--to is in the future: what has not happened can not be replayed')
  if (again && to.getTime() - from.getTime() > mostDaysAgain * day) {
    refuse('With --again a replay is of 24 hours at most: do it day by day')
  }
  if (!again && now.getTime() - from.getTime() > rememberedDays * day) {
    refuse(
      `What happened more than ${rememberedDays} days ago may be remembered no longer, and everybody ` +
        'would be told again: choose a later --from, or say --again',
    )
  }
}

export interface Watch {
  /** Aborted to cancel the replay. */
  readonly signal: AbortSignal
  /** Milliseconds between two looks. */
  readonly every: number
  onProgress(progress: ReplayProgress): void
}

/**
 * Starts the replay and follows it to its end. What was replayed before it is cancelled stays so.
 *
 * @throws EcosError `replay-failed`, with the reason that EventBridge gives
 */
export async function runReplay(
  plan: ReplayPlan,
  replays: Replays,
  { signal, every, onProgress }: Watch,
): Promise<'COMPLETED' | 'CANCELLED'> {
  await replays.start(plan)
  const never = new AbortController().signal
  let isCancelled = false
  for (;;) {
    const progress = await replays.look(plan.name)
    onProgress(progress)
    const { state, reason } = progress
    if (state === 'COMPLETED' || state === 'CANCELLED') return state
    if (state === 'FAILED') {
      const problem = `The replay ${plan.name} failed: ${reason ?? 'EventBridge gives no reason'}`
      throw new EcosError('replay-failed', problem)
    }
    if (signal.aborted && !isCancelled) {
      isCancelled = true
      await replays.cancel(plan.name)
    }
    await pause(every, isCancelled ? never : signal)
  }
}
