import { type Traced, traceIdOf } from '../events/trace.ts'

/** Identifies a queue's message in logs and metrics. */
export interface QueueMessageKey extends Traced {
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
  readonly notificationId?: string
}

/** The key as flat fields of a log line or of a metric's metadata. */
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
