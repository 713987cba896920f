import { type Command, Option } from 'commander'
import { type CellUse, useOf } from '../../lib/tenants/cell-use.ts'
import {
  type Bound,
  boundsOf,
  defaultCapacity,
  eventDollars,
} from '../../lib/tenants/cost/capacity.ts'
import { defaultRuleSettings } from '../../lib/tenants/plan.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { say, translated } from '../say.ts'
import { count, wholeNumber } from './count.ts'
import { table } from './table.ts'

/** The settings of the cells, as they are deployed, on which it depends how much they hold. */
export interface RoomOptions {
  readonly partitions: number
  readonly reservedRules: number
  readonly maximumConcurrency: number
  readonly callsPerSecond: number
}

/** How much of each cell is used, what gives out first in it, and what events cost. */
export interface Room {
  readonly cells: readonly CellUse[]
  /** The first gives out next. */
  readonly bounds: readonly Bound[]
  readonly dollarsPerMillion: { readonly alone: number; readonly inTens: number }
}

export const reservedRulesOption = () =>
  new Option('--reserved-rules <count>', 'reservedRules of the cells, as deployed')
    .env('RESERVED_RULES')
    .argParser(wholeNumber)
    .default(defaultRuleSettings.reservedRules)

/** Adds the options of settings that `RoomOptions` has, but for the partitions. */
export function withRoom(command: Command): Command {
  return command
    .addOption(reservedRulesOption())
    .addOption(
      new Option('--maximum-concurrency <count>', 'maximumConcurrency of the cells, as deployed')
        .argParser(count)
        .default(defaultCapacity.maximumConcurrency),
    )
    .addOption(
      new Option('--calls-per-second <count>', 'maxPutEventsPerSecond of the cells, as deployed')
        .argParser(count)
        .default(defaultCapacity.maxPutEventsPerSecond),
    )
}

/** @throws EcosError `cell-too-large`, `no-such-partition`, `several-events-2` */
export function roomOf(
  tenants: readonly Tenant[],
  cells: readonly string[],
  { partitions, reservedRules, maximumConcurrency, callsPerSecond }: RoomOptions,
): Room {
  return {
    cells: cells.map((cell) => useOf(tenants, cell, { partitions, reservedRules })),
    bounds: boundsOf({ maximumConcurrency, maxPutEventsPerSecond: callsPerSecond }),
    dollarsPerMillion: { alone: eventDollars('alone'), inTens: eventDollars('inTens') },
  }
}

/** The whole of it. */
export function roomText(room: Room): string {
  const rows = room.bounds.map(({ part, eventsPerSecond, callsPerSecond, raise }) => {
    const calls = String(Math.round(callsPerSecond))
    return [translated(part), String(eventsPerSecond), calls, translated(raise)]
  })
  return [
    usesText(room),
    [
      say('What gives out next in each cell, with two notifications an event (docs/scale.md):'),
      table(['part', 'events/s', 'calls/s', 'raise'], rows),
    ].join('\n'),
    dollarsText(room),
  ].join('\n\n')
}

/** The same, with the part alone that gives out first. */
export function nextText(room: Room): string {
  const [next] = room.bounds
  const events = String(next?.eventsPerSecond)
  const calls = String(Math.round(next?.callsPerSecond ?? 0))
  const [part, raise] = [translated(String(next?.part)), translated(String(next?.raise))]
  return [
    `${usesText(room)}\n`,
    say(
      'Next to give out: {part}, at {events} events/s or {calls} PutEvents calls/s; raise {raise} (docs/scale.md).',
      { part, events, calls, raise },
    ),
    dollarsText(room),
  ].join('\n')
}

function dollarsText({ dollarsPerMillion: { alone, inTens } }: Room): string {
  return say(
    'A million events cost {inTens} in a busy cell, and {alone} where each comes alone (docs/cost.md).',
    { inTens: `$${inTens.toFixed(2)}`, alone: `$${alone.toFixed(2)}` },
  )
}

function usesText({ cells }: Room): string {
  return table(['cell', 'tenants', 'rules', 'own left', 'resources'], cells.map(useRow))
}

function useRow({ cell, tenants, rules, ownLeft, resources }: CellUse): string[] {
  const share = ({ used, limit }: CellUse['rules']) => say('{used} of {limit}', { used, limit })
  return [cell, String(tenants), share(rules), String(ownLeft), share(resources)]
}
