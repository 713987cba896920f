import type { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { EcosError } from '../errors.ts'
import { type BusEvent, parseBusEvent, readData } from '../events/bus-event.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { traceIdOf } from '../events/trace.ts'
import type { Once } from '../queue-function/once.ts'
import type { MessageHandler } from '../queue-function/ports.ts'
import {
  isTenantEventType,
  type TenantEventData,
  type TenantEventType,
  tenantEvents,
} from './event-types.ts'
import type { EventHandler, EventHandlers, TenantEvent } from './handlers.ts'

export interface TenantPorts {
  /** Events of other tenants are refused, whatever put them into the queue. */
  readonly tenant: string
  readonly log: Logger
  readonly payloads: Pick<PayloadStore, 'load'>
  readonly once: Once
}

/** Passes each of a tenant's events once to the handler of its type. */
export function tenantConsumer(
  handlers: EventHandlers,
  ports: TenantPorts,
): MessageHandler<BusEvent> {
  return {
    parse: parseBusEvent,
    async handle(event, { isLast }, context) {
      refuseForeign(event, ports.tenant)
      const { type, handler } = handlerOf(handlers, event)
      const { tenant, eventType, eventId } = event
      return ports.once([tenant, eventType, eventId], context, async () => {
        const about = contextOf(event, isLast, context, ports.log)
        await handler(await readEvent(type, event, ports), about)
        return 'handled'
      })
    },
  }
}

function refuseForeign({ tenant, eventId }: BusEvent, own: string): void {
  if (tenant === own) return
  throw new EcosError(
    'foreign-event',
    `The event ${eventId} belongs to the tenant ${tenant}, and this function to ${own}: correct the rule`,
  )
}

function handlerOf(handlers: EventHandlers, { eventType, eventId }: BusEvent) {
  const handler =
    isTenantEventType(eventType) && Object.hasOwn(handlers, eventType) && handlers[eventType]
  if (isTenantEventType(eventType) && handler) {
    // TypeScript can't see that the handler stored under a type takes that type's events.
    return { type: eventType, handler: handler as EventHandler<TenantEventType> }
  }
  throw new EcosError(
    'unexpected-event-type',
    `The event ${eventId} has the type ${eventType}, which has no handler: add one, or narrow the rule`,
  )
}

async function readEvent(
  type: TenantEventType,
  event: BusEvent,
  { payloads }: TenantPorts,
): Promise<TenantEvent> {
  const { eventId: id, tenant, time, subject } = event
  const data = await readData<object>(event, tenantEvents[type].schema, payloads)
  return {
    id,
    type,
    tenant,
    ...(time !== undefined && { time }),
    ...(subject !== undefined && { subject }),
    data: data as TenantEventData<TenantEventType>,
  }
}

/** Each event has a child logger, since the events of a batch are handled concurrently. */
function contextOf(event: BusEvent, isLast: boolean, lambda: Context, log: Logger) {
  const { tenant, eventType, eventId } = event
  const persistentKeys = { tenant, eventType, eventId, ...traceIdOf(event) }
  return { log: log.createChild({ persistentKeys }), isLast, lambda }
}
