import { arnOf, type Value } from './cloudformation.ts'

/** The ARN of an index of the notifications table. */
export function notificationsIndex(index: string): Value {
  return { 'Fn::Join': ['', [arnOf('NotificationsTable'), `/index/${index}`]] }
}

/** The S3 prefix of the contents of notifications. */
export const notificationObjects: Value = {
  'Fn::Join': ['', [arnOf('PayloadBucket'), '/notifications/*']],
}

/** What is kept of reminders that are over is deleted, and nothing else in the bucket. */
export const forgetReminders: Value = {
  Effect: 'Allow',
  Action: 's3:DeleteObject',
  Resource: { 'Fn::Join': ['', [arnOf('PayloadBucket'), '/notifications/reminders/*']] },
}

/** A sender adds no other items to the table (lib/aws/tables/sent-messages.ts). */
export const keepSentMessages: Value = {
  Effect: 'Allow',
  Action: ['dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
  Resource: arnOf('NotificationsTable'),
  Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['sent#*'] } },
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
