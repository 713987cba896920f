import * as z from 'zod'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import { type Interest, interest } from '../events/interest.ts'
import { participantId } from './messages.ts'

/** The interest of a tenant's function, or of another consumer on the bus, in one event type. */
export interface RegisteredInterest extends Interest {
  /** A name of the tenant's choice. */
  readonly listener: string
  readonly eventType: EventType
}

export const registeredInterest: z.ZodType<RegisteredInterest> = interest.extend({
  listener: participantId,
  eventType: z.enum(eventTypes),
})

export interface RegisteredInterestKey {
  readonly tenant: string
  readonly listener: string
  readonly eventType: EventType
}

/** The interests that consumers on the bus have registered. */
export interface RecordListeners {
  /** Skips entries that can't be read. */
  ofTenant(tenant: string): Promise<RegisteredInterest[]>
  /** Adds attributes to the registered ones; a filter replaces the registered one. */
  add(tenant: string, added: RegisteredInterest): Promise<void>
  /**
   * Removes attributes, or the whole entry when none are given.
   *
   * @returns whether there was an entry
   */
  remove(of: RegisteredInterestKey, attributes?: readonly string[]): Promise<boolean>
}
