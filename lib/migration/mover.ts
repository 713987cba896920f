import type { BrokerMessage } from '../bridge/message.ts'
import { copyKey, recentKeys } from './copies.ts'
import type { MovableMessage } from './migration-broker.ts'

/** Event ids that are remembered, in about 120 MB. Of a forgotten one, a copy more is moved. */
const mostRemembered = 500_000

export interface MoveCounts {
  /** Messages that are in the other queue now. */
  readonly moved: number
  /** Copies of them that were dropped. */
  readonly copies: number
}

/** Moves message by message: each is acknowledged only after the broker confirmed its new copy. */
export interface Mover {
  /** Resolves when the message is settled or has failed. Never rejects: `check` tells a failure. */
  move(message: MovableMessage): Promise<void>
  /** Has a message's copies dropped that come later, since it is in the other queue already. */
  know(message: BrokerMessage): void
  /** What is to be moved from now on waits for `resume`. */
  pause(): void
  resume(): void
  readonly counts: MoveCounts
  /** @throws what kept a message from being moved */
  check(): void
}

/** @param publish resolves when the copy is confirmed */
export function createMover(
  publish: (message: BrokerMessage) => Promise<void>,
  remembered: number = mostRemembered,
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
