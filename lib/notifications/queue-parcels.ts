import type { ChannelName } from '../channels/channel.ts'
import type { FailureCollector } from './collect-failures.ts'
import type { QueueMessage } from './dispatch.ts'
import { isolateWrite } from './isolate.ts'
import type { KeptNotifications } from './kept.ts'
import type { Parcel } from './parcels.ts'
import { queueBody } from './queue-body.ts'
import type { NotificationStore } from './store.ts'

export interface QueueParcelsPorts {
  readonly notifications: Pick<NotificationStore, 'change'>
  readonly kept: Pick<KeptNotifications, 'keep'>
  /** Resolves when every message is in the channel's queue. */
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
}

interface Encoded {
  readonly parcel: Parcel
  readonly message: QueueMessage
}

/**
 * Queues the parcels that still wait, all of a channel at once. The time to live of each begins now.
 *
 * @returns the parcels that are in their queue, or did not wait
 */
export async function queueParcels(
  parcels: readonly Parcel[],
  now: Date,
  ports: QueueParcelsPorts,
  { guard }: FailureCollector,
): Promise<Parcel[]> {
  const done: Parcel[] = parcels.filter(({ queued }) => queued === undefined)
  const ofChannels = Map.groupBy(parcels, ({ queued }) => queued?.channel)
  for (const [channel, some] of ofChannels) {
    if (channel === undefined) continue
    const encoded: Encoded[] = []
    for (const parcel of some) {
      const message = await guard(parcel.record, () => messageOf(parcel, now, ports))
      if (message) encoded.push({ parcel, message })
    }
    const sending = send(channel, encoded, ports)
    for (const { parcel } of encoded) {
      const sent = await guard(parcel.record, () => sending)
      if (sent?.has(parcel)) done.push(parcel)
    }
  }
  return done
}

async function messageOf(
  { queued }: Parcel,
  now: Date,
  { kept }: QueueParcelsPorts,
): Promise<QueueMessage | undefined> {
  if (!queued) return undefined
  const body = await queueBody({ ...queued, queuedAt: now.toISOString() }, kept)
  return { body, group: queued.tenant }
}

/** If the queue refuses a message of the batch, each is sent alone, and the refused one fails. */
async function send(
  channel: ChannelName,
  encoded: readonly Encoded[],
  ports: QueueParcelsPorts,
): Promise<ReadonlySet<Parcel>> {
  if (encoded.length === 0) return new Set()
  return isolateWrite<ReadonlySet<Parcel>>(
    async () => {
      await ports.enqueue(
        channel,
        encoded.map(({ message }) => message),
      )
      return new Set(encoded.map(({ parcel }) => parcel))
    },
    async (reason) => {
      const [only] = encoded
      if (only && encoded.length === 1) {
        const { record, members } = only.parcel
        const failed = new Set([record, ...members.map((member) => member.record)])
        for (const one of failed) await ports.notifications.change(one, { state: 'ERROR', reason })
        return new Set()
      }
      const sent = await Promise.all(encoded.map((one) => send(channel, [one], ports)))
      return new Set(sent.flatMap((some) => [...some]))
    },
  )
}
