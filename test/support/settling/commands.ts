import fc from 'fast-check'
import { type Kind, kinds } from './ledger.ts'
import { type BusMode, busModes, type StoreMode, storeModes } from './outside.ts'
import type { Process, System } from './system.ts'

/** As much of the state as decides which command makes sense next. */
export interface Model {
  sent: number
  /** Processes that were started. */
  started: number
  /** Faults that cost a delivery each. */
  deliveriesLost: number
}

export const emptyModel = (): Model => ({ sent: 0, started: 0, deliveriesLost: 0 })

type Command = fc.AsyncCommand<Model, System>

/**
 * Fewer than the delivery limit leaves room for: more faults may dead-letter what is innocent, as
 * docs/bridge.md says.
 */
const mostLosses = 8

function command(
  name: string,
  run: (model: Model, system: System) => void | Promise<void>,
  check: (model: Readonly<Model>) => boolean = () => true,
): Command {
  return {
    check,
    async run(model, system) {
      await run(model, system)
      // At no moment may something be acknowledged that is not stored.
      if (system.ledger.wrongs.length > 0) throw new Error(system.ledger.wrongs.join('; '))
    },
    toString: () => name,
  }
}

function publish(tenant: number, kind: Kind): Command {
  return command(`publish ${kind} to ${tenant}`, (model, system) => {
    model.sent += 1
    system.publish(tenant, kind)
  })
}

function start(kind: Process['kind'], patience: number): Command {
  return command(
    `start ${kind} for ${patience} ms`,
    (model, system) => {
      model.started += 1
      system.start(kind, patience)
    },
    ({ started }) => started < 4,
  )
}

function harm(what: 'kill' | 'cut' | 'stop', which: number): Command {
  return command(
    `${what} process ${which}`,
    (model, system) => {
      model.deliveriesLost += 1
      system.processes[which % model.started]?.[what]()
    },
    ({ started, deliveriesLost }) => started > 0 && deliveriesLost < mostLosses,
  )
}

function setBus(mode: BusMode): Command {
  return command(`bus ${mode}`, (_, { weather }) => {
    weather.bus = mode
  })
}

function setStores(mode: StoreMode): Command {
  return command(`stores ${mode}`, (_, { weather }) => {
    weather.stores = mode
  })
}

function flow(milliseconds: number, steps: number): Command {
  return command(`${milliseconds} ms, ${steps} steps a tick`, (_, system) =>
    system.flow(milliseconds, steps),
  )
}

const kind = fc.oneof(
  { arbitrary: fc.constant<Kind>('good'), weight: 12 },
  { arbitrary: fc.constantFrom(...kinds.filter((each) => each !== 'killer')), weight: 6 },
  { arbitrary: fc.constant<Kind>('killer'), weight: 1 },
)

export const commands = fc.commands(
  [
    fc.tuple(fc.nat(1), kind).map((args) => publish(...args)),
    fc.tuple(fc.nat(1), kind).map((args) => publish(...args)),
    fc
      .tuple(
        fc.constantFrom('drain' as const, 'worker' as const),
        fc.integer({ min: 100, max: 120_000 }),
      )
      .map((args) => start(...args)),
    fc
      .tuple(fc.constantFrom('kill' as const, 'cut' as const, 'stop' as const), fc.nat(3))
      .map((args) => harm(...args)),
    fc.constantFrom(...busModes).map(setBus),
    fc.constantFrom(...storeModes).map(setStores),
    fc
      .tuple(fc.integer({ min: 50, max: 3_000 }), fc.integer({ min: 0, max: 12 }))
      .map((args) => flow(...args)),
    fc
      .tuple(fc.integer({ min: 3_000, max: 30_000 }), fc.integer({ min: 1, max: 40 }))
      .map((args) => flow(...args)),
  ],
  { maxCommands: 60, size: 'max' },
)
