import { arnOf, type Value } from './cloudformation.ts'

/** The ARN of an index of the notifications table. */
export function notificationsIndex(index: string): Value {
  return { 'Fn::Join': ['', [arnOf('NotificationsTable'), `/index/${index}`]] }
}

/** The S3 prefix of the contents of notifications. */
export const notificationObjects: Value = {
  'Fn::Join': ['', [arnOf('PayloadBucket'), '/notifications/*']],
}

/** Results of notifications are events of the tenants; a sender puts no other events on the bus. */
export const announceResults: Value = {
  Effect: 'Allow',
  Action: 'events:PutEvents',
  Resource: arnOf('Bus'),
  Condition: {
    StringLike: { 'events:source': 'ecos.*' },
    StringEquals: {
      'events:detail-type': ['notification.sent', 'notification.failed', 'notification.uncertain'],
    },
  },
}
