import { EcosError } from '../errors.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import { replayName } from '../events/replay-name.ts'
import { deduplicationDays } from '../notifications/store.ts'
import { pause } from '../waiting.ts'

/** The archive of a cell's bus. */
export interface Archive {
  readonly arn: string
  readonly busArn: string
}

/** Which events to replay: by their own times, at `from` or later and before `to`. */
export interface ReplayRequest {
  readonly tenant: string
  /** Default: every type. */
  readonly types?: readonly EventType[]
  readonly from: Date
  readonly to: Date
  /** Whether people are told again of events that were handled before. */
  readonly again: boolean
}

/** A replay as EventBridge is asked for it. */
export interface ReplayPlan {
  readonly name: string
  readonly archive: Archive
  readonly tenant: string
  readonly types: readonly EventType[]
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
  /** The time of the last replayed event; a replay goes through its window minute by minute. */
  readonly lastReplayed?: Date
  /** When it ended, if EventBridge says so. */
  readonly endedAt?: Date
}

/** EventBridge's side of replays. */
export interface Replays {
  /**
   * Adds the replay's own rules to the bus, which take the tenant's events of this replay and no others.
   *
   * @returns their ARNs
   */
  addRules(plan: ReplayPlan): Promise<readonly string[]>
  /** Starts the replay to these rules alone. */
  start(plan: ReplayPlan, ruleArns: readonly string[]): Promise<void>
  /** @returns undefined if there is no such replay */
  look(name: string): Promise<ReplayProgress | undefined>
  cancel(name: string): Promise<void>
  removeRules(name: string): Promise<void>
  /** The names of the replays that have rules on the bus. */
  withRules(): Promise<readonly string[]>
}

const day = 24 * 60 * 60 * 1000

/** How far back handled events are surely remembered. A handler takes an older event for a new one. */
const rememberedDays = deduplicationDays - 1

/** Bounds how much a mistake in the window tells a tenant's people twice. */
const maxDaysAgain = 1

/**
 * @param unique distinguishes replays of the same second
 * @throws EcosError `bad-window`, `no-types`
 */
export function planReplay(
  { tenant, types = eventTypes, from, to, again }: ReplayRequest,
  archive: Archive,
  now: Date,
  unique: string,
): ReplayPlan {
  refuseWindow(from, to, again, now)
  // Without a rule to replay to, EventBridge would replay to all rules of the bus: everybody's.
  if (types.length === 0) {
    throw new EcosError(
      'no-types',
      `The tenant ${tenant} has no event type turned on: name one with --type`,
    )
  }
  return { name: replayName(again, now, unique), archive, tenant, types, from, to }
}

function refuseWindow(from: Date, to: Date, again: boolean, now: Date): void {
  const refuse = (problem: string) => {
    throw new EcosError('bad-window', problem)
  }
  if (from >= to) refuse('--from must be before --to')
  if (to > now) refuse('--to is in the future: give the present or an earlier time')
  if (again && to.getTime() - from.getTime() > maxDaysAgain * day) {
    refuse('With --again a replay covers 24 hours at most: replay day by day')
  }
  if (!again && now.getTime() - from.getTime() > rememberedDays * day) {
    refuse(
      `Events older than ${rememberedDays} days may no longer be remembered as handled, so everybody ` +
        'would be told again: choose a later --from, or add --again',
    )
  }
}

export interface Watch {
  /** Aborted to cancel the replay. */
  readonly signal: AbortSignal
  /** Milliseconds between two looks. */
  readonly interval: number
  /** Milliseconds until a new rule is in force, and until the last events have left one. */
  readonly ruleWait: number
  onProgress(progress: ReplayProgress): void
}

/**
 * Adds the replay's rules, starts it, follows it to its end and removes the rules. Events that were replayed
 * before a cancellation stay so.
 *
 * @throws EcosError `replay-failed`, with the reason that EventBridge gives; `bus-full`
 */
export async function runReplay(
  plan: ReplayPlan,
  replays: Replays,
  watch: Watch,
): Promise<'COMPLETED' | 'CANCELLED'> {
  const { signal, ruleWait } = watch
  let isStarted = false
  const ruleArns = await replays.addRules(plan)
  try {
    await pause(ruleWait, signal)
    if (signal.aborted) return 'CANCELLED'
    await replays.start(plan, ruleArns)
    isStarted = true
  } finally {
    if (!isStarted) await replays.removeRules(plan.name)
  }
  // Where it can't be seen how the replay goes on, its rules stay.
  const end = await follow(plan.name, replays, watch)
  await pause(ruleWait, never)
  await replays.removeRules(plan.name)
  if (end.state !== 'FAILED') return end.state
  throw new EcosError(
    'replay-failed',
    `The replay ${plan.name} failed: ${end.reason ?? 'EventBridge gives no reason'}`,
  )
}

const never = new AbortController().signal

async function follow(name: string, replays: Replays, { signal, interval, onProgress }: Watch) {
  let isCancelled = false
  for (;;) {
    const progress = (await replays.look(name)) ?? { state: 'STARTING' }
    onProgress(progress)
    const { state, reason } = progress
    if (state === 'COMPLETED' || state === 'CANCELLED' || state === 'FAILED') {
      return { state, reason }
    }
    if (signal.aborted && !isCancelled) {
      isCancelled = true
      await replays.cancel(name)
    }
    await pause(interval, isCancelled ? never : signal)
  }
}
