import type * as z from 'zod'
import { catalogue } from '../events/catalogue.ts'
import { resultEvents } from '../notifications/result-event.ts'

/** Every event type that a tenant's rule can match: ECOS's events and the results of notifications. */
export const tenantEvents = { ...catalogue, ...resultEvents } as const

export type TenantEventType = keyof typeof tenantEvents

/** The `data` of an event of the type. */
export type TenantEventData<Type extends TenantEventType> = z.infer<
  (typeof tenantEvents)[Type]['schema']
>

export const tenantEventTypes = Object.keys(tenantEvents) as TenantEventType[]

export function isTenantEventType(type: string): type is TenantEventType {
  return Object.hasOwn(tenantEvents, type)
}
