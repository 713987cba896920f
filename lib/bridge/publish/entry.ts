import { createHash } from 'node:crypto'
import { type EcosEvent, envelopeText } from '../../events/event.ts'
import { eventFolder, type PayloadStore } from '../../events/payload-store.ts'
import { type BusEntry, entryBytes } from './bus.ts'

/**
 * The largest entry that carries its data itself. A rule puts the whole event, with the fields that
 * EventBridge adds, into an SQS message of at most 1 MiB: what does not fit there would be lost.
 */
const largestInline = 900_000

/** The event as an entry; data that is too large goes into the store, and `dataref` in its place. */
export async function toEntry(event: EcosEvent, payloads: PayloadStore): Promise<BusEntry> {
  const entry = entryWith(event)
  if (entryBytes(entry) <= largestInline) return entry
  // The key follows from the content, so that a redelivered message overwrites and adds nothing.
  const hash = createHash('sha256').update(event.dataText).digest('hex')
  const dataref = await payloads.save(`${eventFolder(event.tenant)}${hash}.json`, event.dataText)
  return entryWith(event, dataref)
}

function entryWith(event: EcosEvent, dataref?: string): BusEntry {
  return {
    source: `ecos.${event.tenant}`,
    detailType: event.type,
    detail: envelopeText(event, dataref),
    ...(event.time && { time: event.time }),
  }
}
