import type { Bus, BusEntry, EntryResult } from '../../../lib/bridge/publish/bus.ts'
import type { QuarantineRecord } from '../../../lib/bridge/quarantine.ts'
import { EcosError } from '../../../lib/errors.ts'
import type { PayloadStore } from '../../../lib/events/payload-store.ts'
import { count, idIn, type Ledger } from './ledger.ts'

/**
 * How the bus behaves. `deaf`: it accepts, and the answer is lost. `half`: it fails every other entry.
 * `short`: it accepts all, and answers for the first half.
 */
export const busModes = ['well', 'down', 'deaf', 'half', 'short'] as const
export type BusMode = (typeof busModes)[number]

export const storeModes = ['well', 'down', 'deaf'] as const
export type StoreMode = (typeof storeModes)[number]

export interface Weather {
  bus: BusMode
  stores: StoreMode
}

/** Has an answer come at some later time; never, if its process has died. */
export type Answer = <T>(what: string, work: () => T) => Promise<T>

/**
 * The bus and the stores, as one process reaches them.
 *
 * @param onKiller called when the process is about to send an event that kills it
 */
export function createOutside(
  weather: Weather,
  ledger: Ledger,
  answer: Answer,
  onKiller: () => void,
) {
  const bus: Bus = {
    put(entries) {
      if (entries.some(({ detail }) => detail.includes('"kind":"killer"'))) onKiller()
      return answer('the bus answers', () => put(entries))
    },
    check: () => answer('the bus answers', () => undefined),
  }
  const payloads: PayloadStore = {
    save: (key) => answer('the payload store answers', () => store(() => `s3://payloads/${key}`)),
    load: async () => '',
  }
  const send = (record: QuarantineRecord) =>
    answer('the quarantine answers', () => store(() => count(ledger.quarantined, idOf(record))))
  const checkStores = () => answer('the stores answer', () => store(() => undefined))
  return { bus, payloads, send, checkStores }

  function put(entries: readonly BusEntry[]): EntryResult[] {
    if (weather.bus === 'down') throw unavailable('bus-unavailable')
    const results = entries.map((entry, index): EntryResult => {
      if (weather.bus === 'half' && index % 2 === 1) {
        return { status: 'failed', code: 'InternalFailure' }
      }
      if (entry.detail.includes('"kind":"refused"')) return { status: 'refused', code: 'Malformed' }
      accept(entry)
      return { status: 'accepted' }
    })
    if (weather.bus === 'deaf') throw unavailable('bus-unavailable')
    return weather.bus === 'short' ? results.slice(0, Math.ceil(results.length / 2)) : results
  }

  function accept({ detail }: BusEntry): void {
    const id = idIn(detail.toString())
    if (id !== '') count(ledger.accepted, id)
    const { kind } = ledger.sent.get(id) ?? {}
    if (kind === 'killer') ledger.wrongs.push(`a killer reached the bus: ${id}`)
    if (kind === 'large' && !detail.includes('s3://payloads/')) {
      ledger.wrongs.push(`a large event without its payload: ${id}`)
    }
  }

  function store<T>(work: () => T): T {
    if (weather.stores === 'down') throw unavailable('store-unavailable')
    const stored = work()
    if (weather.stores === 'deaf') throw unavailable('store-unavailable')
    return stored
  }
}

function idOf({ body }: QuarantineRecord): string {
  return idIn(Buffer.from(body ?? '', 'base64').toString())
}

function unavailable(code: 'bus-unavailable' | 'store-unavailable'): EcosError {
  return new EcosError(code, 'as the model says', { retryable: true })
}
