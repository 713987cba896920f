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
}

export interface TakenLetter extends DeadLetter {
  /** It can be seen by others again. */
  release(): Promise<void>
  /** Deletes it: done after it is safe elsewhere. */
  remove(): Promise<void>
  /** Puts it back to where it came from: its queue, or the bridge's queue at the broker. */
  sendBack(): Promise<void>
}
