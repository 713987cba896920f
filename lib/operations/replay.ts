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

/** Which events to replay: by their own times, at `from` or later and before `to`. */
export interface ReplayRequest {
  readonly tenant: string
  /** Without it, every type that the tenant has turned on. */
  readonly type?: EventType
  readonly from: Date
  readonly to: Date
  /** Whether people are told again of events that were handled before. */
  readonly again: boolean
}

/** A replay as EventBridge is asked for it: to some rules of the bus. */
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
  /** The time of the last replayed event; a replay goes through its window minute by minute. */
  readonly lastReplayed?: Date
}

/** EventBridge's side of replays. */
export interface Replays {
  start(plan: ReplayPlan): Promise<void>
  look(name: string): Promise<ReplayProgress>
  cancel(name: string): Promise<void>
}

/** What a replay needs to know of its cell. */
export interface ReplayCell {
  readonly archive: Archive
  /** The ARNs of the bus's rules, by name. */
  readonly rules: ReadonlyMap<string, string>
}

const day = 24 * 60 * 60 * 1000

/** How far back handled events are surely remembered. A handler takes an older event for a new one. */
const rememberedDays = deduplicationDays - 1

/** Bounds how much a mistake in the window tells a tenant's people twice. */
const maxDaysAgain = 1

/**
 * @param unique distinguishes replays of the same second
 * @throws EcosError `bad-window`, `no-such-rules`
 */
export function planReplay(
  { tenant, type, from, to, again }: ReplayRequest,
  { archive, rules }: ReplayCell,
  now: Date,
  unique: string,
): ReplayPlan {
  refuseWindow(from, to, again, now)
  const found = (type === undefined ? eventTypes : [type]).flatMap((candidate) => {
    const arn = rules.get(ruleName(candidate, tenant))
    return arn === undefined ? [] : [{ type: candidate, arn }]
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
    types: found.map((rule) => rule.type),
    ruleArns: found.map(({ arn }) => arn),
    from,
    to,
  }
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
  onProgress(progress: ReplayProgress): void
}

/**
 * Starts the replay and follows it to its end. Events that were replayed before a cancellation stay so.
 *
 * @throws EcosError `replay-failed`, with the reason that EventBridge gives
 */
export async function runReplay(
  plan: ReplayPlan,
  replays: Replays,
  { signal, interval, onProgress }: Watch,
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
    await pause(interval, isCancelled ? never : signal)
  }
}
