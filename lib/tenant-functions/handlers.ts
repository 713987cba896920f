import type { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { EcosError } from '../errors.ts'
import {
  isTenantEventType,
  type TenantEventData,
  type TenantEventType,
  tenantEventTypes,
} from './event-types.ts'

/** An event of the tenant, its data read and checked. */
export interface TenantEvent<Type extends TenantEventType = TenantEventType> {
  /** The same whenever the event is delivered again. */
  readonly id: string
  readonly type: Type
  readonly tenant: string
  /** When it happened (RFC 3339), where the producer says so. */
  readonly time?: string
  /** The record that it is about. */
  readonly subject?: string
  readonly data: TenantEventData<Type>
}

export interface EventContext {
  /** Says tenant, type and id of the event in each line. */
  readonly log: Logger
  /** Whether the event rests in the dead-letter queue if this try fails. */
  readonly isLast: boolean
  /** Lambda's own context of the invocation, which may handle other events beside this one. */
  readonly lambda: Context
}

/** @throws what makes the queue bring the event again, until its tries are spent */
export type EventHandler<Type extends TenantEventType> = (
  event: TenantEvent<Type>,
  context: EventContext,
) => Promise<unknown>

/** What is done with the events of each type. */
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
