import type { DeadLetter, Kind } from './dead-letter.ts'

/** A dead-letter queue, or the quarantine. */
export interface LetterBox {
  readonly name: string
  readonly kind: Kind
  /** How many messages it holds, those that are being looked at included. About: SQS counts late. */
  depth(): Promise<number>
  /**
   * Takes what is there, each once, and hides it from others until it is released or removed, or for
   * ten minutes. A dead-letter queue has no redrive policy: being looked at uses up no try.
   */
  take(limit: number, signal?: AbortSignal): AsyncGenerator<TakenLetter>
  /**
   * Has the service itself move all that is there to where it came from, so many messages a second at
   * most. Not there for a box whose letters have to go by way of us.
   *
   * @returns undefined where the service can't
   */
  startMove?(perSecond: number): Promise<Move | undefined>
}

/** A move that the service does by itself, also when nobody looks. */
export interface Move {
  look(): Promise<MoveProgress>
  /** It ends soon; what is moved stays so. */
  cancel(): Promise<void>
}

/** Counts are about: the service's own. */
export interface MoveProgress {
  readonly state: 'moving' | 'over' | 'failed'
  readonly moved: number
  /** How many there were at its start. */
  readonly total?: number
  readonly reason?: string
}

export interface TakenLetter extends DeadLetter {
  /** It can be seen by others again. */
  release(): Promise<void>
  /** Deletes it: done after it is safe elsewhere. */
  remove(): Promise<void>
  /** Puts it back to where it came from: its queue, or the bridge's queue at the broker. */
  sendBack(): Promise<void>
}
