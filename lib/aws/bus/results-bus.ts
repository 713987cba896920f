import { EcosError } from '../../errors.ts'
import { sourceOf } from '../../events/source.ts'
import { loadedOnce } from '../../loaded-once.ts'
import type { ResultPorts } from '../../notifications/results.ts'
import { escapeForSqs } from '../../text.ts'

/** Puts a notification's result on a cell's bus, under its tenant's source. */
export function createResultsBus(busName: string): ResultPorts['putOnBus'] {
  // Loaded with the first result: few tenants ask for any.
  const bus = loadedOnce(async () => (await import('./eventbridge.ts')).createBus(busName))
  return async (event) => {
    const [result] = await (await bus()).put([
      {
        source: sourceOf(event.tenantid),
        detailType: event.type,
        // A rule hands it to SQS.
        detail: Buffer.from(escapeForSqs(JSON.stringify(event))),
        ...(event.time !== undefined && { time: new Date(event.time) }),
      },
    ])
    if (result?.status === 'accepted') return
    const problem = `The bus ${busName} did not accept ${event.type}: ${result?.code ?? 'no answer'}`
    throw new EcosError('result-not-announced', problem, { retryable: true })
  }
}
