import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from '../ledger/ledger.ts'
import type { PlannedMessage } from '../plan/message.ts'
import type { Problem } from '../verdict/verdict.ts'
import { startProducer } from './produce.ts'

/** Seconds in which a worker that has got over the faults has bridged a few messages, on a busy machine. */
const patience = 120

/** Messages of a round. Each round waits for the one before: a worker whose pauses grow gets slower with each. */
const roundSize = 4

export interface Encore {
  readonly messages: readonly PlannedMessage[]
  /** As `Producer` has them. */
  readonly copies: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/** Publishes the last messages of a run, which the worker has to bridge as if nothing had been. */
export async function playEncore(
  amqpUrl: string,
  messages: readonly PlannedMessage[],
  ledger: Pick<Ledger, 'onBus'>,
): Promise<Encore> {
  const copies = new Map<string, number>()
  const deadline = Date.now() + patience * 1000
  for (let first = 0; first < messages.length; first += roundSize) {
    const round = messages.slice(first, first + roundSize)
    const producer = startProducer(amqpUrl, round)
    await producer.done
    for (const [key, count] of producer.copies) copies.set(key, count)
    if (await areOnBus(round, ledger, deadline)) continue
    const text = `of ${messages.length} messages, ${first} to ${first + round.length} were not on the bus after ${patience} s of calm`
    const published = messages.slice(0, first + round.length)
    return { messages: published, copies, problems: [{ kind: 'not-recovered', text }] }
  }
  return { messages, copies, problems: [] }
}

async function areOnBus(
  messages: readonly PlannedMessage[],
  ledger: Pick<Ledger, 'onBus'>,
  deadline: number,
): Promise<boolean> {
  for (;;) {
    const onBus = await ledger.onBus()
    if (messages.every(({ mark }) => onBus.has(mark))) return true
    if (Date.now() > deadline) return false
    await sleep(1_000)
  }
}
