/** What tenants' own functions and sources of record events import from the package. The command is in bin/. */
export { EcosError } from './errors.ts'
export { type EventData, type EventType, eventTypes } from './events/catalogue.ts'
export {
  type Announced,
  type AnnouncedEvent,
  type LoadAttributes,
  RecordEventSource,
  type RecordEventSourceOptions,
} from './record-event-source.ts'
export {
  type TenantEventData,
  type TenantEventType,
  tenantEventTypes,
} from './tenant-functions/event-types.ts'
export type {
  EventContext,
  EventHandler,
  EventHandlers,
  TenantEvent,
} from './tenant-functions/handlers.ts'
export { onEcosEvent, type TenantFunction } from './tenant-functions/on-ecos-event.ts'
export * as schemas from './tenant-functions/schemas.ts'
export { type EventWithAttributes, withAttributes } from './tenant-functions/with-attributes.ts'
