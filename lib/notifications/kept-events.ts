import { createHash } from 'node:crypto'
import { EcosError } from '../errors.ts'
import type { BusEvent } from '../events/bus-event.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { encodeEvent, parseEventMessage } from './event-message.ts'
import type { EventRun } from './event-records.ts'
import { keptFolderOf } from './kept.ts'

/** Events of which some notifications could not be planned, so that those can be planned again. */
export interface KeptEvents {
  keep(event: BusEvent): Promise<void>
  /** @returns undefined if it was never kept or has expired */
  load(run: EventRun): Promise<BusEvent | undefined>
}

/** @param prefix of the store's references: `s3://<bucket>/` */
export function keptEventsIn(payloads: PayloadStore, prefix: string): KeptEvents {
  return {
    async keep(event) {
      await payloads.save(keyOf(event), encodeEvent(event, {}))
    },
    async load(run) {
      try {
        return parseEventMessage(await payloads.load(prefix + keyOf(run)))
      } catch (error) {
        if (error instanceof EcosError && error.code === 'payload-not-found') return undefined
        throw error
      }
    },
  }
}

function keyOf({ tenant, eventType, eventId, again }: EventRun): string {
  const run = JSON.stringify([eventType, eventId, again])
  return `${keptFolderOf(tenant)}event-${createHash('sha256').update(run).digest('hex')}.json`
}
