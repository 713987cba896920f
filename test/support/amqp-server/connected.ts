import { afterEach, beforeEach } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { open } from '../../../lib/amqp/connection.ts'
import { type BridgeQueue, bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import { type AmqpServer, startAmqpServer } from './server.ts'

/** The server of the test that runs, and a connection to it; set by `connectEach`. */
export let server: AmqpServer
export let connection: ChannelModel

/** Gives each test of the file a server of its own. */
export function connectEach(): void {
  beforeEach(async () => {
    server = await startAmqpServer()
    await connectAgain()
  })
  afterEach(() => server.close())
}

/** For a server that is another one now: it tells its version with the connection. */
export async function connectAgain(): Promise<void> {
  connection = await open(server.url)
}

export const acme = { id: 'acme', locale: 'ru', cell: 'main', events: ['task.create'] } as const
/** The tenant's ways: to a queue of its own, and to a pool. */
export const own = topologyOf(acme)
export const pooled = topologyOf({ ...acme, pool: 'p03' })

export function queueOf(topology: typeof own): BridgeQueue {
  return bridgeQueues([topology])[0] as BridgeQueue
}
