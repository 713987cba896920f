import type { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { EcosError } from '../errors.ts'
import {
  isTenantEventType,
  type TenantEventData,
  type TenantEventType,
  tenantEventTypes,
} from './event-types.ts'

/** An event of the tenant, with its data loaded and validated. */
export interface TenantEvent<Type extends TenantEventType = TenantEventType> {
  /** Stable across redeliveries. */
  readonly id: string
  readonly type: Type
  readonly tenant: string
  /** When it happened (RFC 3339), if the producer says so. */
  readonly time?: string
  /** The id of the record. */
  readonly subject?: string
  readonly data: TenantEventData<Type>
}

export interface EventContext {
  /** Adds the event's tenant, type and id to each line. */
  readonly log: Logger
  /** Whether the event moves to the dead-letter queue when this attempt fails. */
  readonly isLast: boolean
  /** Lambda's context of the invocation, which other events of the batch share. */
  readonly lambda: Context
}

/**
 * A promise is awaited. Any error makes the queue deliver the event again, up to `maxReceiveCount` times.
 */
export type EventHandler<Type extends TenantEventType> = (
  event: TenantEvent<Type>,
  context: EventContext,
) => unknown

/** Handlers by event type. */
export type EventHandlers = { readonly [Type in TenantEventType]?: EventHandler<Type> }

/** @throws EcosError `unknown-event-type` or `no-handler`, when the function starts */
export function checkHandlers(handlers: EventHandlers): void {
  const unknown = Object.keys(handlers).find((type) => !isTenantEventType(type))
  if (unknown !== undefined) {
    throw new EcosError(
      'unknown-event-type',
      `onEcosEvent knows no event type "${unknown}"; there are ${tenantEventTypes.join(', ')}`,
    )
  }
  const given = Object.values(handlers)
  if (given.length > 0 && given.every((handler) => typeof handler === 'function')) return
  throw new EcosError(
    'no-handler',
    'onEcosEvent needs at least one event type, and a function for each',
  )
}
