import { type Traced, traceIdOf } from '../events/trace.ts'

/** What the log says of a message, beside its fate. */
export interface QueueMessageKey extends Traced {
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
  readonly notificationId?: string
}

/** The same as fields of a line, in a log or among metrics. */
export type MessageFields = Partial<Omit<QueueMessageKey, keyof Traced>> & {
  readonly trace_id?: string
}

export function fieldsOf(message: QueueMessageKey): MessageFields {
  const { tenant, eventType, eventId, notificationId } = message
  return {
    tenant,
    eventType,
    eventId,
    ...(notificationId !== undefined && { notificationId }),
    ...traceIdOf(message),
  }
}
