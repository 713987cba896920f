import type { DeadLetter, Kind } from './dead-letter.ts'

/** A dead-letter queue, or the quarantine. */
export interface LetterBox {
  readonly name: string
  readonly kind: Kind
  /** How many messages it holds, hidden ones included. Approximate: SQS is eventually consistent. */
  depth(): Promise<number>
  /**
   * Takes each message once and hides it from other receivers until it is released or removed, for ten
   * minutes at most. A dead-letter queue has no redrive policy, so reading it uses up no try.
   *
   * @param expected how many messages there are about, if they are wanted quickly: a deep box is then read by
   *   several calls at a time, which hide more messages than are taken yet
   */
  take(limit: number, signal?: AbortSignal, expected?: number): AsyncGenerator<TakenLetter>
  /**
   * Starts a move of all messages to the queue they came from, done by the service. Absent for a box
   * whose letters this program has to send itself.
   *
   * @returns undefined if the service has no such action
   */
  startMove?(perSecond: number): Promise<Move | undefined>
}

/** A move that the service does, whether or not this program runs. */
export interface Move {
  look(): Promise<MoveProgress>
  /** The move ends soon; messages that were moved stay moved. */
  cancel(): Promise<void>
}

/** The counts are approximate. */
export interface MoveProgress {
  readonly state: 'moving' | 'done' | 'failed'
  readonly moved: number
  /** Messages in the queue when the move started. */
  readonly total?: number
  readonly reason?: string
}

export interface TakenLetter extends DeadLetter {
  /** Makes it visible to other receivers again. */
  release(): Promise<void>
  /** Deletes it, once it is safe elsewhere. */
  remove(): Promise<void>
  /**
   * Sends it to where it came from: its queue, or the bridge's queue at the broker.
   *
   * @param body takes the place of a dead notification's body
   */
  sendBack(body?: string): Promise<void>
}
