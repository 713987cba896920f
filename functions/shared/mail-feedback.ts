import { endedMailbox } from '../../lib/channels/mail-feedback.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { SubscriptionSwitch } from '../../lib/notifications/subscriptions/switch-off.ts'
import { reasonOf } from '../../lib/queue-function/fault.ts'

/**
 * Takes SES's events of bounces and complaints. Lambda tries an event again that fails, and writes the error to the
 * log: it quotes nothing of the person's.
 */
export function mailFeedback(
  subscriptions: Pick<SubscriptionSwitch, 'switchOff'>,
  log: Log,
): (event: unknown) => Promise<void> {
  return async (event) => {
    const ended = endedMailbox(event)
    if (!ended) return
    const { reason, ...place } = ended
    const { tenant, channel } = place
    await subscriptions.switchOff(place, reason).catch((cause: unknown) => {
      throw new EcosError(
        'feedback-failed',
        `An address of the tenant ${tenant} could not be switched off: ${reasonOf(cause)}`,
        { cause, retryable: true },
      )
    })
    log.info('An address was switched off', { tenant, channel, reason })
  }
}
