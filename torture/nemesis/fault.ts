import type { Random } from '../plan/random.ts'
import type { World } from '../world/world.ts'

/** What a fault may do to an event without any fault of the product. */
export type Allowance =
  /** The same event is on the bus more than once. */
  | 'twice-on-bus'
  /** The same message is in the quarantine, or in a dead-letter queue, more than once. */
  | 'twice-set-aside'
  /** A notification is delivered again, within its channel's repeats. */
  | 'twice-delivered'
  /** Nobody knows whether a notification arrived: its state is UNCERTAIN. */
  | 'uncertain'
  /** The broker has no queue for an event of the tenant that leaves, or whose type is turned off. */
  | 'returned'

/** What comes of a message whose acknowledgement the broker has not got. */
export const unacknowledged: readonly Allowance[] = ['twice-on-bus', 'twice-set-aside']

export type End = () => Promise<void> | void

export interface Fault {
  /** `aws-throttles`, as `--only` takes it. */
  readonly name: string
  /** Faults of one place come one after another (default: the fault has a place to itself). */
  readonly place?: string
  readonly allows: readonly Allowance[]
  /** Seconds after which all is quiet, where a time-out of the product is longer than two minutes. */
  readonly recoversWithin?: number
  /** It takes minutes, and only happens where `--only` names it. */
  readonly isSlow?: true
  /** Begins. @returns how it ends */
  start(world: World, random: Random): Promise<End> | End
}
