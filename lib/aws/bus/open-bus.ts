import type { Bus } from '../../bridge/publish/bus.ts'
import { createBus } from './eventbridge.ts'

/** The values of EVENTBRIDGE_CLIENT. */
export const eventBridgeClients = ['sdk', 'lean'] as const
export type BusClient = (typeof eventBridgeClients)[number]

/** A bus through the SDK's own client or the lean request path. */
export async function openBus(busName: string, client: BusClient): Promise<Bus> {
  if (client === 'sdk') return createBus(busName)
  // Loaded on demand, so that a cold start without it does not pay for it.
  const { createLeanBus } = await import('./lean-eventbridge.ts')
  return createLeanBus(busName)
}
