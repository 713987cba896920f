import type { BusClient } from '../lib/aws/bus/open-bus.ts'
import { bridgeNodeOptions } from '../lib/tenants/template/bridge-drain.ts'

/** A bridge, or a yardstick beside it, that the bench measures in a process of its own. */
export interface Contender {
  readonly name: string
  /** The file's name in bench/contenders/, without extension. */
  readonly file: string
  readonly client: BusClient
  /** Whether it takes its events from the broker. */
  readonly consumes: boolean
  /** Whether it sends them to the bus (default: true). */
  readonly sends?: boolean
  /** Bounds of the PutEvents calls in flight: each is measured, and the fastest run counts. */
  readonly calls: readonly [number, ...number[]]
  /** Its share of the events (default 1), so that a slow contender ends in time. */
  readonly share?: number
  /** Node options of the bridge's deployment (docs/performance.md): of the functions, whose memory is the least. */
  readonly nodeOptions?: readonly string[]
}

const bridge = {
  consumes: true,
  calls: [32, 64, 128],
  nodeOptions: bridgeNodeOptions.split(' '),
} as const

export const bareSdk: Contender = {
  name: 'bare SDK',
  file: 'bare-sdk',
  client: 'sdk',
  consumes: false,
  calls: [32, 64, 128],
}
export const naive: Contender = {
  name: 'naive consumer',
  consumes: true,
  calls: [64],
  file: 'naive',
  client: 'sdk',
  share: 0.2,
}
/** Consumes without sending: the difference to a bridge is the bridge's own cost. */
export const brokerAlone: Contender = {
  ...bridge,
  name: 'broker alone',
  file: 'broker-alone',
  client: 'lean',
  sends: false,
  calls: [32],
}
export const leanDrain: Contender = {
  ...bridge,
  name: 'drain, lean',
  file: 'drain',
  client: 'lean',
}
export const leanWorker: Contender = {
  ...bridge,
  name: 'worker, lean',
  file: 'worker',
  client: 'lean',
  // The default.
  calls: [128],
  // As bin/ecos-eventbridge.mjs starts it.
  nodeOptions: ['--min-semi-space-size=32', '--max-semi-space-size=32'],
}

/** The front doors that consume from the broker themselves. */
export const consumingDoors: readonly Contender[] = [
  leanDrain,
  { ...leanDrain, name: 'drain, SDK', client: 'sdk' },
  leanWorker,
  { ...leanWorker, name: 'worker, SDK', client: 'sdk' },
]

/** The front doors of long runs, with the default client. */
export const longRunDoors: readonly Contender[] = [leanDrain, leanWorker]

/** Its batches are prepared, so it has no latency from the broker to measure. */
const amazonMq: Contender = {
  ...bridge,
  name: 'Amazon MQ, lean',
  file: 'amazon-mq',
  client: 'lean',
  consumes: false,
}

export const frontDoors: readonly Contender[] = [...consumingDoors, amazonMq]

export const contenders: readonly Contender[] = [bareSdk, naive, brokerAlone, ...frontDoors]
