import { EcosError } from '../errors.ts'
import { decodeEvent } from '../events/event.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import type { Log } from '../log.ts'
import { toEntry } from './entry.ts'
import type { Delivery } from './message.ts'
import type { Publisher } from './publisher.ts'
import type { Quarantine } from './quarantine.ts'

/**
 * Where a message went. `returned`: nowhere yet; the broker still has it and delivers it again.
 * `dead-lettered`: to the broker's dead-letter queue, since there is no store that could take it.
 */
export type Fate = 'bridged' | 'quarantined' | 'returned' | 'dead-lettered'

export interface Carriers {
  readonly publisher: Publisher
  readonly quarantine: Quarantine
  readonly payloads: PayloadStore
  readonly log: Log
}

/**
 * Carries one message from the broker to the bus, or to the quarantine where its content can't go
 * further, and acknowledges it only after it is stored there. Never rejects.
 */
export async function carry(delivery: Delivery, carriers: Carriers): Promise<Fate> {
  const { tenant, queue } = delivery
  try {
    const fate = await carryOn(delivery, carriers).catch((error: unknown) => {
      if (!(error instanceof EcosError && error.code === 'no-payload-store')) throw error
      carriers.log.error('Dead-lettered at the broker', { tenant, queue, error })
      return 'dead-lettered' as const
    })
    if (fate === 'dead-lettered') delivery.deadLetter()
    else if (fate !== 'returned') delivery.acknowledge()
    return fate
  } catch (error) {
    carriers.log.error('A message stays unsettled, and the broker delivers it again', {
      tenant,
      queue,
      error: error as Error,
    })
    return 'returned'
  }
}

async function carryOn(delivery: Delivery, carriers: Carriers): Promise<Fate> {
  const decoded = decodeEvent(delivery.tenant, delivery.routingKey, delivery.body)
  if (decoded.outcome === 'refused') {
    return quarantine(delivery, decoded.reason, decoded.explanation, carriers)
  }
  const { event } = decoded
  const publication = await carriers.publisher.publish(await toEntry(event, carriers.payloads))
  switch (publication.outcome) {
    case 'accepted':
      carriers.log.debug('Bridged', {
        tenant: event.tenant,
        eventType: event.type,
        eventId: event.id,
      })
      return 'bridged'
    case 'refused':
      return quarantine(delivery, 'refused-by-bus', publication.explanation, carriers)
    case 'unsent':
      return 'returned'
  }
}

async function quarantine(
  delivery: Delivery,
  reason: string,
  explanation: string,
  { quarantine: store, log }: Carriers,
): Promise<Fate> {
  await store.store(delivery, reason, explanation)
  log.warn('Quarantined', { tenant: delivery.tenant, queue: delivery.queue, reason, explanation })
  return 'quarantined'
}
