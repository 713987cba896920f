import { EcosError } from '../errors.ts'
import { reasonOf } from '../queue-function/fault.ts'
import type { NotificationKey } from './store.ts'

/** Runs work for one notification at a time: one that fails stays due, and holds up no other. */
export interface FailureCollector {
  /** @returns the work's result; undefined if it failed */
  guard<Result>(
    notification: NotificationKey,
    work: () => Promise<Result>,
  ): Promise<Result | undefined>
  /** @throws EcosError `notifications-left`, which names the first failure, if there was any */
  throwIfAny(): void
}

export function collectFailures(): FailureCollector {
  let count = 0
  let first: { readonly notification: NotificationKey; readonly cause: unknown } | undefined
  return {
    async guard(notification, work) {
      try {
        return await work()
      } catch (cause) {
        count += 1
        first ??= { notification, cause }
        return undefined
      }
    },
    throwIfAny() {
      if (first === undefined) return
      const { notification, cause } = first
      throw new EcosError(
        'notifications-left',
        `${count} due notifications failed and stay due, the first ${notification.notificationId} of ` +
          `the tenant ${notification.tenant}: ${reasonOf(cause)}`,
        { cause, retryable: true },
      )
    },
  }
}
