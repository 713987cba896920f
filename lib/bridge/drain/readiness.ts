import { type BackOffOptions, createBackOff } from '../../back-off.ts'
import { EcosError } from '../../errors.ts'
import { type Bus, probe } from '../publish/bus.ts'
import type { BridgeContext } from '../settle-message.ts'

/**
 * Waits until the bus and the stores take what they are given. No message is taken before: each that
 * goes back is one delivery nearer to its queue's limit, and an outage would dead-letter it.
 *
 * @throws EcosError `bus-unavailable`, `store-unavailable` when the signal is aborted before, and
 *   `bus-missing` at once
 */
export async function untilReady(
  bus: Bus,
  { checkStores, log }: Pick<BridgeContext, 'checkStores' | 'log'>,
  over: AbortSignal,
  backOffOptions: BackOffOptions = {},
): Promise<void> {
  const backOff = createBackOff(backOffOptions)
  for (;;) {
    try {
      await Promise.all([probeBus(bus), checkStores?.()])
      return
    } catch (error) {
      const mayPass = error instanceof EcosError && error.retryable
      if (!mayPass || over.aborted) throw error
      log.warn('AWS does not take events; no message is taken until it does', { error })
      await backOff.wait(over)
      if (over.aborted) throw error
    }
  }
}

/** The bus may exist and yet take no events: a probe tells, and costs no message a delivery. */
async function probeBus(bus: Bus): Promise<void> {
  await bus.check()
  const [result] = await bus.put([probe])
  if (result?.status === 'accepted') return
  const code = result?.code ?? 'no result'
  throw new EcosError(
    'bus-unavailable',
    `EventBridge does not accept events: ${code} for the probe`,
    { retryable: true },
  )
}
