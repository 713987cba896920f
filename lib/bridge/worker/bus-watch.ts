import { EcosError, messageOf } from '../../errors.ts'
import type { Bus } from '../publish/bus.ts'
import type { WorkerStatus } from './status.ts'

/** The same bus; the status says whether it takes what it is given. */
export function watchBus(bus: Bus, status: WorkerStatus): Bus {
  return {
    async put(entries) {
      try {
        const results = await bus.put(entries)
        const failed = results.find((result) => result.status === 'failed')
        // Entries that failed among others that passed are no outage. No result at all is one.
        if (results.some(({ status }) => status !== 'failed')) works()
        else fails(failed?.code ?? 'no-result')
        return results
      } catch (error) {
        if (isAnswer(error)) works()
        else fails(messageOf(error))
        throw error
      }
    },
    async check() {
      await bus.check()
    },
  }

  function works(): void {
    status.bus = { accepting: true }
  }

  function fails(problem: string): void {
    const { failingSince = new Date().toISOString() } = status.bus
    status.bus = { accepting: false, failingSince, problem }
  }
}

/**
 * Finds out whether the bus is there and answers, without giving it an event.
 *
 * @throws EcosError `bus-missing`, `bus-unavailable`
 */
export async function checkBusAnswers(bus: Bus): Promise<void> {
  try {
    await bus.check()
  } catch (error) {
    // PutEvents accepts entries for a bus that does not exist, and drops them.
    if (error instanceof EcosError && error.code === 'bus-missing') throw error
    // Who may not describe the bus may still put events: a call without entries is refused, but answered.
    await bus.put([]).catch((answer: unknown) => {
      if (!isAnswer(answer)) throw error
    })
  }
}

function isAnswer(error: unknown): boolean {
  return error instanceof EcosError && error.code === 'call-refused'
}
