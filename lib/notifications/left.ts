import { EcosError, messageOf } from '../errors.ts'
import type { NotificationKey } from './store.ts'

/** What is due is done one by one: what fails stays due for the next run, and holds up no other. */
export interface Left {
  /** @returns what the work returns; undefined where it failed */
  attempt<Result>(
    notification: NotificationKey,
    work: () => Promise<Result>,
  ): Promise<Result | undefined>
  /** @throws EcosError `notifications-left`, which names the first, where any failed */
  report(): void
}

export function createLeft(): Left {
  let count = 0
  let first: { readonly notification: NotificationKey; readonly cause: unknown } | undefined
  return {
    async attempt(notification, work) {
      try {
        return await work()
      } catch (cause) {
        count += 1
        first ??= { notification, cause }
        return undefined
      }
    },
    report() {
      if (first === undefined) return
      const { notification, cause } = first
      throw new EcosError(
        'notifications-left',
        `${count} due notifications were left, the first ${notification.notificationId} of the tenant ` +
          `${notification.tenant}: ${messageOf(cause)}`,
        { cause, retryable: true },
      )
    },
  }
}
