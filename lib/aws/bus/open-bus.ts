import type { Bus } from '../../bridge/publish/bus.ts'
import { createBus } from './eventbridge.ts'

/** The setting EVENTBRIDGE_CLIENT: how PutEvents is called. */
export const eventBridgeClients = ['sdk', 'lean'] as const
export type BusClient = (typeof eventBridgeClients)[number]

/** The bus of that name, by way of the SDK's own client or of the lean request path. */
export async function openBus(busName: string, client: BusClient): Promise<Bus> {
  if (client === 'sdk') return createBus(busName)
  // Loaded where it is asked for, so that a cold start without it does not pay for it.
  const { createLeanBus } = await import('./lean-eventbridge.ts')
  return createLeanBus(busName)
}
