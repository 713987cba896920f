import { arnOf, type Value } from './cloudformation.ts'

/** An index of the table of notifications. */
export function indexOf(index: string): Value {
  return { 'Fn::Join': ['', [arnOf('NotificationsTable'), `/index/${index}`]] }
}

/** The folder of notifications that are kept to be sent later. */
export const keptNotifications: Value = {
  'Fn::Join': ['', [arnOf('PayloadBucket'), '/notifications/*']],
}

/** Results are events of the tenants. */
export const resultsOnBus: Value = {
  Effect: 'Allow',
  Action: 'events:PutEvents',
  Resource: arnOf('Bus'),
  Condition: { StringLike: { 'events:source': 'ecos.*' } },
}
