/** What stands in `data`, by event type: what ECOS puts there, and what a cell says of notifications. */
export * from '../events/schemas.ts'
export {
  type NotificationFailed,
  type NotificationSent,
  notificationFailed,
  notificationSent,
} from '../notifications/result-event.ts'
