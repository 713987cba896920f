/** Schemas of `data`, by event type: ECOS's events and the results of notifications. */
export * from '../events/schemas.ts'
export {
  type NotificationFailed,
  type NotificationSent,
  notificationFailed,
  notificationSent,
} from '../notifications/result-event.ts'
