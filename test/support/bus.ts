import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createBus, createBusClient } from '../../lib/aws/bus/eventbridge.ts'
import type { Bus } from '../../lib/bridge/publish/bus.ts'
import type { Ledger, Script } from './bus-stub.ts'

export interface BusStub {
  /** The bridge's adapter, connected to the stub. */
  readonly bus: Bus
  readonly endpoint: string
  script(script: Script): Promise<void>
  ledger(): Promise<Ledger>
  stop(): Promise<void>
}

/**
 * Starts test/support/bus-stub.ts.
 *
 * @param requestTimeout milliseconds: a busy machine answers within it, and only a silent bus does not
 */
export async function startBusStub(requestTimeout = 3_000): Promise<BusStub> {
  const child = spawn(process.execPath, ['test/support/bus-stub.ts'], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const endpoint = `http://127.0.0.1:${JSON.parse(String(line)).port}`
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = createBusClient({ endpoint, region: 'eu-central-1', credentials, requestTimeout })
  return {
    bus: createBus('ecos-main', client),
    endpoint,
    async script(script) {
      await fetch(`${endpoint}/_script`, { method: 'POST', body: JSON.stringify(script) })
    },
    async ledger() {
      return (await (await fetch(`${endpoint}/_ledger`)).json()) as Ledger
    },
    async stop() {
      client.destroy()
      child.kill()
      await once(child, 'exit')
    },
  }
}
