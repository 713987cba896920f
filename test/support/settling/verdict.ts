import { deliveryLimit } from '../../../lib/bridge/topology.ts'
import type { Sent } from './ledger.ts'
import type { Process, System } from './system.ts'

/** Processes that empty the queues at the latest: a killer ends each, until its queue sets it aside. */
const mostTurns = 5 * deliveryLimit

/** Which processes empty the queues once all faults are over. */
export const finishers = ['drains', 'workers', 'both'] as const
export type Finisher = (typeof finishers)[number]

/** After all faults: everything has to come to its end. @returns what is wrong */
export async function settleAll(system: System, finisher: Finisher): Promise<string[]> {
  const { weather, processes } = system
  Object.assign(weather, { bus: 'well', stores: 'well' })
  for (const process of processes) process.stop()
  await until(system, () => processes.every(({ alive }) => !alive))
  await quiet(system)
  for (let turn = 0; turn < mostTurns && system.waiting().length > 0; turn += 1) {
    const process = system.start(kindOf(turn, finisher), 300_000)
    await until(system, () => !process.alive)
    await quiet(system)
  }
  return verdictOn(system)
}

function kindOf(turn: number, finisher: Finisher): Process['kind'] {
  if (finisher === 'both') return turn % 2 === 0 ? 'drain' : 'worker'
  return finisher === 'drains' ? 'drain' : 'worker'
}

/** What was stored more than once. */
export function duplicates({ ledger: { accepted, quarantined } }: System): string[] {
  return [...accepted, ...quarantined].flatMap(([id, times]) => (times === 1 ? [] : [id]))
}

/** The broker notices every connection that was lost. */
async function quiet(system: System): Promise<void> {
  await system.flow(200, 1_000)
}

async function until(system: System, isSo: () => boolean): Promise<void> {
  for (let time = 0; time < 2_000 && !isSo(); time += 1) await system.flow(500, 200)
  if (!isSo()) system.ledger.wrongs.push('a process did not end')
}

function verdictOn(system: System): string[] {
  const { ledger } = system
  const deadLetters = system.deadLetters()
  const left = system
    .waiting()
    .map((id) => `${ledger.sent.get(id)?.kind} ${id} is left in its queue`)
  const wrongs = [...ledger.sent.values()].flatMap((message) => wrongWith(message))
  return [...ledger.wrongs, ...left, ...wrongs]

  function historyOf(id: string): string {
    const history = ledger.histories.get(id) ?? []
    const counts = Map.groupBy(history, (event) => event)
    return [...counts].map(([event, all]) => `${event} ${all.length} times`).join(', ')
  }

  function wrongWith(message: Sent): string[] {
    const { id, kind } = message
    const places = [
      ledger.accepted.has(id) && 'bus',
      ledger.quarantined.has(id) && 'quarantine',
      deadLetters.includes(id) && 'dead-letter queue',
    ].filter(Boolean)
    const place = placeOf[kind]
    return places.join() === place
      ? []
      : [`${kind} ${id}: expected ${place}, found ${places.join(' and ')}: ${historyOf(id)}`]
  }
}

const placeOf: Record<Sent['kind'], string> = {
  good: 'bus',
  large: 'bus',
  unreadable: 'quarantine',
  refused: 'quarantine',
  killer: 'dead-letter queue',
}
