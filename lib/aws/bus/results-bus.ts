import { type Bus, type BusEntry, type EntryResult, mostEntries } from '../../bridge/publish/bus.ts'
import { EcosError } from '../../errors.ts'
import { sourceOf } from '../../events/source.ts'
import { loadedOnce } from '../../loaded-once.ts'
import type { ResultPorts } from '../../notifications/results.ts'
import { together } from '../../queue-function/together.ts'
import { escapeForSqs } from '../../text.ts'

/** Milliseconds in which the results of a batch are gathered. */
const gathering = 20

/** Puts notifications' results on a cell's bus, each under its tenant's source, those of a batch with one call. */
export function createResultsBus(
  busName: string,
  open: (busName: string) => Promise<Pick<Bus, 'put'>> = openBus,
): ResultPorts['putOnBus'] {
  // Loaded with the first result: few tenants ask for any.
  const bus = loadedOnce(() => open(busName))
  const put = together<BusEntry, EntryResult>(async (entries) => (await bus()).put(entries), {
    most: mostEntries,
    gathering,
  })
  return async (event) => {
    const result = await put({
      source: sourceOf(event.tenantid),
      detailType: event.type,
      // A rule hands it to SQS.
      detail: Buffer.from(escapeForSqs(JSON.stringify(event))),
      ...(event.time !== undefined && { time: new Date(event.time) }),
    })
    if (result?.status === 'accepted') return
    const problem = `The bus ${busName} did not accept ${event.type}: ${result?.code ?? 'no answer'}`
    throw new EcosError('result-not-announced', problem, { retryable: true })
  }
}

async function openBus(busName: string): Promise<Bus> {
  const { createBus } = await import('./eventbridge.ts')
  return createBus(busName)
}
