import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from '../ledger/ledger.ts'
import type { PlannedMessage } from '../plan/message.ts'
import type { Problem } from '../verdict/verdict.ts'
import { startProducer } from './produce.ts'

/** Seconds in which a worker that has got over the faults has bridged a few messages, on a busy machine. */
const patience = 120

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
  ledger: Ledger,
): Promise<Encore> {
  const { done, copies } = startProducer(amqpUrl, messages)
  await done
  const deadline = Date.now() + patience * 1000
  for (;;) {
    const onBus = await ledger.onBus()
    const missing = messages.filter(({ mark }) => !onBus.has(mark))
    if (missing.length === 0) return { messages, copies, problems: [] }
    if (Date.now() > deadline) {
      const text = `${missing.length} of ${messages.length} messages were not on the bus after ${patience} s of calm`
      return { messages, copies, problems: [{ kind: 'not-recovered', text }] }
    }
    await sleep(1_000)
  }
}
