import type { World } from '../world/world.ts'
import { type Arrival, readArrivals } from './deliveries.ts'
import { brokerLetters, deadLetters, type Letter, quarantined, queueDepths } from './letters.ts'
import { depthOf } from './queues.ts'
import { type Recorded, readTable } from './table.ts'
import { type BusCopy, tapBus } from './tap.ts'

/** Where everything is that the producers got a confirm for. It shares no code with the product. */
export interface Findings extends Recorded {
  readonly bus: readonly BusCopy[]
  readonly arrivals: readonly Arrival[]
  readonly letters: readonly Letter[]
}

export interface Ledger {
  /** Messages that are under way, by queue: none when all is quiet. */
  underWay(): Promise<ReadonlyMap<string, number>>
  /** The marks that have been on the bus so far. */
  onBus(): Promise<ReadonlySet<string>>
  findings(): Promise<Findings>
}

export async function openLedger(world: World): Promise<Ledger> {
  const { stack, broker } = world
  const { cloud, deployment } = stack
  const tap = await tapBus(cloud, deployment['BusName'] ?? '')
  const urls = Object.entries(deployment).filter(([name]) => /(Queue|Dlq)Url$/.test(name))
  const isResting = ([name]: [string, string]) =>
    name.endsWith('DlqUrl') || name.startsWith('Quarantine')
  const letters: Letter[] = []
  return {
    async underWay() {
      await tap.take()
      const depths = new Map<string, number>()
      await Promise.all(
        urls
          .filter((one) => !isResting(one))
          .map(async ([name, url]) => depths.set(name, await depthOf(cloud.sqs, url))),
      )
      // It takes seconds: only where nothing else is left.
      if ([...depths.values()].every((depth) => depth === 0)) {
        for (const [queue, depth] of await queueDepths(broker)) {
          if (!queue.endsWith('.dead-letter')) depths.set(queue, depth)
        }
      }
      return new Map([...depths].filter(([, depth]) => depth > 0))
    },
    async onBus() {
      await tap.take()
      return new Set(tap.copies.map(({ mark }) => mark))
    },
    async findings() {
      await tap.take()
      for (const [name, url] of urls.filter(isResting)) {
        const take = name.startsWith('Quarantine') ? quarantined : deadLetters
        letters.push(...(await take(cloud.sqs, url)))
      }
      return {
        ...(await readTable(cloud.dynamoDb, deployment['NotificationsTableName'] ?? '')),
        bus: tap.copies,
        arrivals: await readArrivals(world),
        letters: [...letters, ...(await brokerLetters(broker))],
      }
    },
  }
}
