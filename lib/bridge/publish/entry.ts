import { createHash } from 'node:crypto'
import { type EcosEvent, envelopeBytes } from '../../events/event.ts'
import { eventFolder, type PayloadStore } from '../../events/payload-store.ts'
import { sourceOf } from '../../events/source.ts'
import { partitionArn } from '../../tenants/partition.ts'
import { type BusEntry, entryBytes } from './bus.ts'

/**
 * The largest entry, in bytes, that carries its data inline. A rule puts the whole event, with the
 * fields that EventBridge adds, into an SQS message of at most 1 MiB; a larger event would be lost.
 */
const maxInlineBytes = 900_000

/**
 * The event as an entry. Data too large for it goes into the store and is replaced by `dataref`.
 *
 * @param onStore called before the store is
 */
export function toEntry(
  event: EcosEvent,
  payloads: PayloadStore,
  partition?: string,
  onStore: () => void = () => undefined,
): BusEntry | Promise<BusEntry> {
  const resource = partition === undefined ? undefined : partitionArn(partition)
  const entry = entryWith(event, resource)
  if (entryBytes(entry) <= maxInlineBytes) return entry
  onStore()
  return storeData(event, payloads, resource)
}

async function storeData(
  event: EcosEvent,
  payloads: PayloadStore,
  resource: string | undefined,
): Promise<BusEntry> {
  // A key made from the content lets a redelivered message overwrite its own object.
  const hash = createHash('sha256').update(event.data).digest('hex')
  const dataref = await payloads.save(`${eventFolder(event.tenant)}${hash}.json`, event.data)
  return entryWith(event, resource, dataref)
}

function entryWith(event: EcosEvent, resource?: string, dataref?: string): BusEntry {
  return {
    source: sourceOf(event.tenant),
    detailType: event.type,
    detail: envelopeBytes(event, dataref),
    time: event.time,
    resource,
  }
}
