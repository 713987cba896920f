import type { BusClient } from '../lib/aws/bus/open-bus.ts'

/** Who takes part in the bench. Another front door of the bridge is another line here. */
export interface Contender {
  readonly name: string
  /** In bench/contenders/, run as a process of its own. */
  readonly file: string
  readonly client: BusClient
  /** Whether its events come out of the broker. */
  readonly consumes: boolean
  /** Whether they go to the bus (default: they do). */
  readonly sends?: boolean
  /** How many PutEvents calls it may have in flight: each is tried, the best one counts. */
  readonly calls: readonly number[]
  /** The part of the events that it is given (default all), so that a slow one ends in time. */
  readonly share?: number
  /** Node's options that the deployment of the bridge sets: see docs/performance.md. */
  readonly nodeOptions?: readonly string[]
}

/** What the bridge has where one number of calls stands for all: some 30,000 events/s at 10 ms. */
export const bridgeCalls = 32

const bridge = {
  consumes: true,
  calls: [32, 64, 128],
  nodeOptions: ['--max-semi-space-size=16'],
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
/** Not a bridge: what is left beside it is the bridge's own. */
export const brokerAlone: Contender = {
  ...bridge,
  name: 'broker alone',
  file: 'broker-alone',
  client: 'lean',
  sends: false,
  calls: [bridgeCalls],
}
const drain: Contender = { ...bridge, name: 'drain', file: 'drain', client: 'sdk' }
const leanWorker: Contender = { ...bridge, name: 'worker, lean', file: 'worker', client: 'lean' }

/** The front doors that take their messages out of the broker themselves. */
export const brokerDoors: readonly Contender[] = [
  drain,
  { ...drain, name: 'drain, lean', client: 'lean' },
  { ...leanWorker, name: 'worker', client: 'sdk' },
  leanWorker,
]

/** Those that stand for all where a run is long: what differs there is not the client. */
export const longRunDoors: readonly Contender[] = [drain, leanWorker]

/** Its batches are made beforehand, and so it has no latency from the broker on to measure. */
const amazonMq: Contender = {
  ...bridge,
  name: 'Amazon MQ function',
  file: 'amazon-mq',
  client: 'sdk',
  consumes: false,
}

export const frontDoors: readonly Contender[] = [...brokerDoors, amazonMq]

export const contenders: readonly Contender[] = [bareSdk, naive, brokerAlone, ...frontDoors]
