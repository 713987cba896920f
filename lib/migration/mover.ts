import type { BrokerMessage } from '../bridge/message.ts'
import { copyKey, recentKeys } from './copies.ts'
import type { MovableMessage } from './migration-broker.ts'

/** Event ids remembered, in about 120 MB. A copy of a forgotten one is moved once more. */
const defaultRemembered = 500_000

export interface MoveCounts {
  /** Messages confirmed in the target queue. */
  readonly moved: number
  /** Dropped copies of moved messages. */
  readonly copies: number
}

/** Moves single messages: acknowledges each only after the broker has confirmed its new copy. */
export interface Mover {
  /** Resolves when the message is settled or has failed. Never rejects: `check` throws the failure. */
  move(message: MovableMessage): Promise<void>
  /** Marks a message as already in the target queue, so that later copies are dropped. */
  know(message: BrokerMessage): void
  /** Messages passed to `move` from now on wait for `resume`. */
  pause(): void
  resume(): void
  readonly counts: MoveCounts
  /** @throws the first failure to move a message */
  check(): void
}

/** @param publish resolves when the broker has confirmed the copy */
export function createMover(
  publish: (message: BrokerMessage) => Promise<void>,
  remembered: number = defaultRemembered,
): Mover {
  const known = recentKeys(remembered)
  const publishing = new Map<string, Promise<void>>()
  let gate = Promise.resolve()
  let open = () => {}
  let moved = 0
  let copies = 0
  let failure: { readonly error: unknown } | undefined

  return {
    async move(message) {
      try {
        await gate
        await settle(message)
      } catch (error) {
        failure ??= { error }
      }
    },
    know: (message) => known.add(copyKey(message)),
    pause() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      open = resolve
    },
    resume: () => open(),
    get counts() {
      return { moved, copies }
    },
    check() {
      if (failure) throw failure.error
    },
  }

  async function settle(message: MovableMessage): Promise<void> {
    const key = copyKey(message)
    const first = publishing.get(key)
    if (first || known.has(key)) {
      await first
      message.acknowledge()
      copies += 1
      return
    }
    await publishFirst(message, key)
    message.acknowledge()
    moved += 1
  }

  async function publishFirst(message: MovableMessage, key: string): Promise<void> {
    const confirmed = publish(message)
    publishing.set(key, confirmed)
    try {
      await confirmed
      known.add(key)
    } finally {
      publishing.delete(key)
    }
  }
}
