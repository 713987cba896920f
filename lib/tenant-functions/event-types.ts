import type * as z from 'zod'
import { catalogue } from '../events/catalogue.ts'
import { resultEvents } from '../notifications/result-event.ts'

/** Every event type that a tenant's rule can match: ECOS's events and the results of notifications. */
export const tenantEvents = { ...catalogue, ...resultEvents } as const

export type TenantEventType = keyof typeof tenantEvents

/** The `data` of an event of the type, by its known fields, so that a misspelt field does not compile. */
export type TenantEventData<Type extends TenantEventType> = Known<
  z.infer<(typeof tenantEvents)[Type]['schema']>
>

/** An object type without the index signature that a loose schema adds to its fields, at any depth. */
type Known<Value> = Value extends readonly (infer Element)[]
  ? Known<Element>[]
  : Value extends object
    ? keyof Fields<Value> extends never
      ? Value
      : Fields<Value>
    : Value
type Fields<Value> = {
  [Name in keyof Value as string extends Name ? never : Name]: Known<Value[Name]>
}

export const tenantEventTypes = Object.keys(tenantEvents) as TenantEventType[]

export function isTenantEventType(type: string): type is TenantEventType {
  return Object.hasOwn(tenantEvents, type)
}
