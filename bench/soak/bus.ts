import { fork } from 'node:child_process'
import { ask, messageOf } from '../processes.ts'
import type { Report } from './received.ts'

/** Milliseconds that PutEvents takes. */
export const latency = 10

/** The stub of PutEvents of a soak. */
export interface Bus {
  readonly url: string
  readonly port: number
  report(): Promise<BusReport>
  stop(): void
}

export interface BusReport extends Report {
  /** Its open sockets. */
  readonly sockets: number
}

/** Starts it for events with numbers below that. */
export async function startBus(events: number): Promise<Bus> {
  const child = fork('bench/soak/stub.ts', [String(latency), String(events)])
  const port = await messageOf<number>(child, 'The stub')
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    report: () => ask<BusReport>(child, 'The stub', 'report'),
    stop: () => child.connected && child.disconnect(),
  }
}
