/** `ecos-eventbridge/tenant-function`: what a tenant's own Lambda functions import. */
export { EcosError } from './errors.ts'
export { type EventType, eventTypes } from './events/catalogue.ts'
export {
  type TenantEventData as EventData,
  type TenantEventType,
  tenantEventTypes,
} from './tenant-functions/event-types.ts'
export type {
  EventContext,
  EventHandler,
  EventHandlers,
  TenantEvent,
} from './tenant-functions/handlers.ts'
export { type AskedAttributes, onEcosEvent } from './tenant-functions/on-ecos-event.ts'
export * as schemas from './tenant-functions/schemas.ts'
export type {
  Middleware,
  MiddlewareRequest,
  TenantFunction,
} from './tenant-functions/tenant-function.ts'
export { type EventWithAttributes, withAttributes } from './tenant-functions/with-attributes.ts'
