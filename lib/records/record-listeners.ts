import { z } from 'zod'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import { type Interest, interest } from '../events/interest.ts'
import { participantId } from './messages.ts'

/** What a function of a tenant, or whoever else has a rule on the bus, wants of one event type. */
export interface Registration extends Interest {
  /** The tenant's own name for it. */
  readonly listener: string
  readonly eventType: EventType
}

export const registration: z.ZodType<Registration> = interest.extend({
  listener: participantId,
  eventType: z.enum(eventTypes),
})

/** Which registration. */
export interface RegistrationKey {
  readonly tenant: string
  readonly listener: string
  readonly eventType: EventType
}

/** What those on the bus have registered. */
export interface RecordListeners {
  /** Those that can't be read are left out. */
  ofTenant(tenant: string): Promise<Registration[]>
  /** Adds to what is there; a filter replaces the one before. */
  add(tenant: string, added: Registration): Promise<void>
  /**
   * Removes attributes, or with none of them the whole registration.
   *
   * @throws EcosError `not-registered`
   */
  remove(of: RegistrationKey, attributes?: readonly string[]): Promise<void>
}
