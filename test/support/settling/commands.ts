import fc from 'fast-check'
import { type Kind, kinds } from './ledger.ts'
import { type BusMode, busModes, type StoreMode, storeModes } from './outside.ts'
import type { Process, System } from './system.ts'

/** As much of the state as decides which command makes sense next. */
export interface Model {
  killers: number
  /** Processes that were started. */
  started: number
  /** Faults that cost a delivery each. */
  deliveriesLost: number
}

export const emptyModel = (): Model => ({ killers: 0, started: 0, deliveriesLost: 0 })

type Command = fc.AsyncCommand<Model, System>

/** So few that the delivery limit has room: without end, each may dead-letter what is innocent. */
const mostLosses = 8
const mostKillers = 2

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

function publish(tenant: number, kinds: readonly Kind[]): Command {
  const killers = kinds.filter((kind) => kind === 'killer').length
  return command(
    `publish ${kinds.join(' ')} to ${tenant}`,
    (model, system) => {
      model.killers += killers
      for (const kind of kinds) system.publish(tenant, kind)
    },
    (model) => killers === 0 || model.killers + killers <= mostKillers,
  )
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

const harmless: fc.Arbitrary<Kind> = fc.oneof(
  { arbitrary: fc.constant<Kind>('good'), weight: 4 },
  { arbitrary: fc.constantFrom<Kind>(...kinds.filter((kind) => kind !== 'killer')), weight: 2 },
)

/** Messages, processes and time: what there is without any fault. */
const ordinary = [
  publishing(harmless),
  publishing(harmless),
  fc
    .tuple(
      fc.constantFrom('drain' as const, 'worker' as const),
      fc.integer({ min: 100, max: 120_000 }),
    )
    .map((args) => start(...args)),
  fc
    .tuple(fc.integer({ min: 50, max: 3_000 }), fc.integer({ min: 0, max: 12 }))
    .map((args) => flow(...args)),
  fc
    .tuple(fc.integer({ min: 3_000, max: 30_000 }), fc.integer({ min: 1, max: 40 }))
    .map((args) => flow(...args)),
]

const harms = fc.constantFrom('kill' as const, 'cut' as const, 'stop' as const)
const size = { maxCommands: 50, size: 'max' } as const

/** Everything that may happen. */
export const faultyCommands = fc.commands(
  [
    ...ordinary,
    publishing(
      fc.oneof(
        { arbitrary: fc.constant<Kind>('killer'), weight: 1 },
        { arbitrary: harmless, weight: 3 },
      ),
    ),
    fc.tuple(harms, fc.nat(3)).map((args) => harm(...args)),
    fc.constantFrom(...busModes).map(setBus),
    fc.constantFrom(...storeModes).map(setStores),
  ],
  size,
)

/** What gives no cause to send anything twice: nobody dies, and no answer is lost. */
export const calmCommands = fc.commands(
  [
    ...ordinary,
    fc.constantFrom(...busModes.filter((mode) => mode !== 'deaf' && mode !== 'short')).map(setBus),
    fc.constantFrom(...storeModes.filter((mode) => mode !== 'deaf')).map(setStores),
  ],
  size,
)

function publishing(kind: fc.Arbitrary<Kind>): fc.Arbitrary<Command> {
  const burst = fc.array(kind, { minLength: 1, maxLength: 8 })
  return fc.tuple(fc.nat(1), burst).map((args) => publish(...args))
}
