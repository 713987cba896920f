import type { Bus } from '../../bridge/publish/bus.ts'
import { refuseGlobalEndpoint } from './endpoint.ts'
import { createBus, createBusClient } from './eventbridge.ts'

/** The values of EVENTBRIDGE_CLIENT; the first is the default. */
export const eventBridgeClients = ['lean', 'sdk'] as const
export type BusClient = (typeof eventBridgeClients)[number]
export const defaultBusClient: BusClient = eventBridgeClients[0]

/**
 * A bus through the lean request path or the SDK's own client.
 *
 * @throws EcosError `global-endpoint`
 */
export async function openBus(busName: string, bus: BusClient): Promise<Bus> {
  const client = createBusClient()
  await refuseGlobalEndpoint(client)
  if (bus === 'sdk') return createBus(busName, client)
  // Loaded on demand, so that a cold start without it does not pay for it.
  const { createLeanBus } = await import('./lean-eventbridge.ts')
  return createLeanBus(busName, client)
}
